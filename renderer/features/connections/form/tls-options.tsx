import { Button, Checkbox, NativeSelect, PasswordInput, Switch } from '@mantine/core';
import { useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import { type PinnedCertificate, type Tls, tlsVersions } from '#app/profile/profile.ts';
import { tlsText } from '#renderer/state/connection-words.ts';
import { Disclosure } from './disclosure.tsx';
import { isEncrypted, secretField } from './draft.ts';
import { fieldOrder, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';
import more from './more.module.css';

type Removable = 'pin' | 'minVersion' | 'maxVersion' | 'psk';
type TlsPatch = Partial<Omit<Tls, Removable>> & { readonly [K in Removable]?: Tls[K] | undefined };

/** The finer points of TLS: who is trusted, a pinned certificate, names, versions, a pre-shared key, the key log. */
export function TlsOptions(props: TabProps) {
  const { profile, change, problem } = props;
  const { tls } = profile;
  const set = (patch: TlsPatch) => change(({ tls: before }) => ({ tls: patchTls(before, patch) }));
  const isInUse = isEncrypted(profile.protocol);
  const hasProblem = [
    'alpn',
    'serverName',
    'maxVersion',
    'psk',
    'psk.identity',
    'psk.key',
    'keyLogFile',
  ].some((field) => problem(`tls.${field}`) !== undefined);
  return (
    <>
      {tls.pin !== undefined && <Pin pin={tls.pin} onForget={() => set({ pin: undefined })} />}
      <fieldset className={more.group}>
        <legend>Trust</legend>
        <div className={more.choices}>
          <Checkbox
            label="System CAs"
            size="xs"
            checked={tls.trust.system}
            onChange={(event) => set({ trust: { ...tls.trust, system: event.currentTarget.checked } })}
          />
          <Checkbox
            label="Bundled CAs"
            size="xs"
            checked={tls.trust.bundled}
            onChange={(event) => set({ trust: { ...tls.trust, bundled: event.currentTarget.checked } })}
          />
        </div>
        <p className={styles.hint}>
          {tls.ca.length === 0
            ? 'Issuers of server certificates that are taken: those of the operating system, those of Mozilla’s list.'
            : 'Beside the CA certificate above. Switch both off to trust that one alone.'}
        </p>
        {problem('tls.trust') !== undefined && <p className={styles.error}>{problem('tls.trust')}</p>}
      </fieldset>
      <Disclosure
        label="ALPN, server name, versions, pre-shared key, key log"
        summary={summaryOf(tls)}
        isOpen={hasProblem}
      >
        <div className={styles.pair}>
          <AlpnField alpn={tls.alpn} onChange={(alpn) => set({ alpn })} error={problem('tls.alpn')} />
          <TextField
            label="Server name (SNI)"
            value={tls.serverName}
            onChange={(serverName) => set({ serverName: serverName.trim() })}
            error={problem('tls.serverName')}
            placeholder="the host"
            description="Sent to the broker and looked for in its certificate, instead of the host."
            mono
          />
        </div>
        <div className={styles.pair}>
          <VersionSelect
            label="Minimum TLS version"
            value={tls.minVersion}
            onChange={(minVersion) => set({ minVersion })}
            error={problem('tls.minVersion')}
          />
          <VersionSelect
            label="Maximum TLS version"
            value={tls.maxVersion}
            onChange={(maxVersion) => set({ maxVersion })}
            error={problem('tls.maxVersion')}
          />
        </div>
        {(tls.minVersion === 'TLSv1' || tls.minVersion === 'TLSv1.1') && (
          <p className={styles.warning} role="note">
            {tlsText(tls.minVersion)} is broken and was withdrawn. Allow it for old devices only.
          </p>
        )}
        <PskFields {...props} set={set} />
        <TextField
          label="Key log file"
          value={tls.keyLogFile}
          onChange={(keyLogFile) => set({ keyLogFile: keyLogFile.trim() })}
          error={problem('tls.keyLogFile')}
          placeholder="/tmp/keys.log"
          description="Gets the keys of each session, so that Wireshark can read a capture of it."
          mono
        />
        {tls.keyLogFile !== '' && (
          <p className={styles.warning} role="note">
            Whoever has this file can read everything that this connection sends and receives, passwords too.
            Empty the field and delete the file when you are done.
          </p>
        )}
      </Disclosure>
      {isInUse && !tls.verify && tls.pin !== undefined && (
        <p className={styles.warning} role="note">
          Verification is off: the pinned certificate is not looked for either.
        </p>
      )}
    </>
  );
}

interface AlpnFieldProps {
  readonly alpn: readonly string[];
  readonly onChange: (alpn: string[]) => void;
  readonly error: string | undefined;
}

/** Names parted by commas. The text stays as typed for as long as it means the same list. */
function AlpnField({ alpn, onChange, error }: AlpnFieldProps) {
  const [text, setText] = useState('');
  const isCurrent = parseAlpn(text).join() === alpn.join();
  return (
    <TextField
      label="ALPN"
      value={isCurrent ? text : alpn.join(', ')}
      onChange={(next) => {
        setText(next);
        onChange(parseAlpn(next));
      }}
      error={error}
      placeholder="x-amzn-mqtt-ca"
      description="Application protocols to offer, parted by commas."
      mono
    />
  );
}

interface VersionSelectProps {
  readonly label: string;
  readonly value: Tls['minVersion'];
  readonly onChange: (version: Tls['minVersion']) => void;
  readonly error: string | undefined;
}

function VersionSelect({ label, value, onChange, error }: VersionSelectProps) {
  return (
    <NativeSelect
      label={label}
      size="xs"
      value={value ?? ''}
      data={[
        { value: '', label: 'Default' },
        ...tlsVersions.map((version) => ({ value: version, label: tlsText(version) })),
      ]}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange(tlsVersions.find((version) => version === chosen));
      }}
      error={error ?? false}
    />
  );
}

function PskFields({
  draft,
  profile,
  problem,
  changeNamedSecret,
  set,
}: TabProps & { readonly set: (patch: TlsPatch) => void }) {
  const { psk } = profile.tls;
  const key = secretField(draft, 'psk');
  return (
    <>
      <Switch
        label="Pre-shared key"
        description="Instead of certificates, for brokers that are set up so."
        size="xs"
        checked={psk !== undefined}
        onChange={(event) => set({ psk: event.currentTarget.checked ? { identity: '' } : undefined })}
      />
      {psk !== undefined && (
        <div className={styles.pair}>
          <TextField
            label="PSK identity"
            value={psk.identity}
            onChange={(identity) => set({ psk: { identity } })}
            error={problem('tls.psk.identity')}
            mono
          />
          <PasswordInput
            label="PSK key"
            size="xs"
            inputWrapperOrder={fieldOrder}
            autoComplete="new-password"
            value={key.value}
            placeholder={key.placeholder}
            onChange={(event) => {
              const text = event.currentTarget.value.replaceAll(/[\s:]/g, '');
              changeNamedSecret('psk', text === '' ? undefined : text);
            }}
            error={problem('tls.psk.key') ?? problem('tls.psk') ?? false}
            description="Hexadecimal, as in the broker’s psk_file."
            visibilityToggleButtonProps={{ 'aria-label': 'Show PSK key' }}
          />
        </div>
      )}
    </>
  );
}

function Pin({ pin, onForget }: { readonly pin: PinnedCertificate; readonly onForget: () => void }) {
  return (
    <section aria-label="Pinned certificate" className={more.pin}>
      <div>
        <p>
          Trusted by hand since {new Date(pin.pinnedAt).toISOString().slice(0, 10)}, whoever issued it:{' '}
          <b>{visibleText(pin.subject)}</b>
        </p>
        <p className={more.fingerprint}>SHA-256 {pin.fingerprint256}</p>
      </div>
      <Button size="compact-xs" variant="default" onClick={onForget}>
        Forget
      </Button>
    </section>
  );
}

function parseAlpn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function patchTls(tls: Tls, patch: TlsPatch): Tls {
  const {
    pin = undefined,
    minVersion = undefined,
    maxVersion = undefined,
    psk = undefined,
    ...rest
  } = {
    ...tls,
    ...patch,
  };
  return {
    ...rest,
    ...(pin === undefined ? {} : { pin }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(psk === undefined ? {} : { psk }),
  };
}

/** What is set in there, for the closed line. */
function summaryOf({ alpn, serverName, minVersion, maxVersion, psk, keyLogFile }: Tls): string | undefined {
  const parts = [
    ...alpn,
    ...(serverName === '' ? [] : [serverName]),
    ...(minVersion === undefined ? [] : [`from ${tlsText(minVersion)}`]),
    ...(maxVersion === undefined ? [] : [`to ${tlsText(maxVersion)}`]),
    ...(psk === undefined ? [] : ['pre-shared key']),
    ...(keyLogFile === '' ? [] : ['keys are logged']),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
