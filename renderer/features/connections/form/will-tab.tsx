import { Button, Menu, Switch } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { presence, presencePatterns } from '#app/profile/presence.ts';
import type { Birth, Will } from '#app/profile/profile.ts';
import { KeyValueEditor } from '#renderer/ui/key-value-editor.tsx';
import { AnnouncedFields } from './announced-fields.tsx';
import { NumberField, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';

/** What a client says of itself: the message that the broker sends when the connection is lost, and its counterpart. */
export function WillTab({ profile, change, problem }: TabProps) {
  const { will, birth } = profile;
  const setBirth = (patch: Partial<Birth>) =>
    change(({ birth: before }) => ({ birth: { ...before, ...patch } }));
  const set = (patch: { [K in keyof Will]?: Will[K] | undefined }) =>
    change(({ will: before }) => {
      const entries = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== undefined);
      return { will: { ...withoutOptional(before), ...Object.fromEntries(entries) } as Will };
    });
  return (
    <div className={styles.tab}>
      <div className={styles.nameRow}>
        <Switch
          label="Send a last will"
          description="The broker publishes it when this client is gone without saying goodbye."
          size="xs"
          checked={will.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <PresenceMenu onChoose={(id) => change((before) => presence(before, id) ?? {})} />
      </div>
      {will.enabled && (
        <>
          <AnnouncedFields
            name="Will"
            message={will}
            set={set}
            problem={(field) => problem(`will.${field}`)}
            placeholder="devices/gateway-1/status"
          />
          <Switch
            label="Send it on Disconnect too"
            description="A normal disconnect makes the broker throw the will away: Topicscope then publishes it before."
            size="xs"
            checked={will.onDisconnect ?? false}
            onChange={(event) => set({ onDisconnect: event.currentTarget.checked ? true : undefined })}
          />
          {profile.mqttVersion === '5.0' && <WillProperties will={will} set={set} problem={problem} />}
        </>
      )}
      <Switch
        label="Publish a birth message"
        description="Published after each connect: the counterpart of the last will."
        size="xs"
        checked={birth.enabled}
        onChange={(event) => setBirth({ enabled: event.currentTarget.checked })}
      />
      {birth.enabled && (
        <AnnouncedFields
          name="Birth"
          message={birth}
          set={setBirth}
          problem={(field) => problem(`birth.${field}`)}
          placeholder={will.topic === '' ? 'devices/gateway-1/status' : will.topic}
        />
      )}
    </div>
  );
}

/** Fills both messages in by a common pattern. */
function PresenceMenu({ onChoose }: { onChoose(patternId: string): void }) {
  return (
    <Menu position="bottom-end" returnFocus>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<ChevronDown size={14} strokeWidth={1.75} />}>
          Online/offline pattern
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Retained birth message and last will</Menu.Label>
        {presencePatterns.map(({ id, label }) => (
          <Menu.Item key={id} onClick={() => onChoose(id)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface WillPropertiesProps {
  readonly will: Will;
  set(patch: { [K in keyof Will]?: Will[K] | undefined }): void;
  problem(field: string): string | undefined;
}

/** Will properties, MQTT 5.0 section 3.1.3.2. */
function WillProperties({ will, set, problem }: WillPropertiesProps) {
  return (
    <>
      <div className={styles.pair}>
        <NumberField
          label="Will delay interval"
          unit="s"
          value={will.delayInterval}
          onChange={(delayInterval) => set({ delayInterval })}
          error={problem('will.delayInterval')}
          placeholder="0"
          description="Not sent if the client is back before that."
        />
        <NumberField
          label="Will expiry"
          unit="s"
          value={will.messageExpiryInterval}
          onChange={(messageExpiryInterval) => set({ messageExpiryInterval })}
          error={problem('will.messageExpiryInterval')}
          placeholder="never"
        />
      </div>
      <div className={styles.pair}>
        <TextField
          label="Will content type"
          value={will.contentType ?? ''}
          onChange={(value) => set({ contentType: value === '' ? undefined : value })}
          placeholder="application/json"
          mono
        />
        <TextField
          label="Will response topic"
          value={will.responseTopic ?? ''}
          onChange={(value) => set({ responseTopic: value === '' ? undefined : value })}
          error={problem('will.responseTopic')}
          mono
        />
      </div>
      <div className={styles.pair}>
        <TextField
          label="Will correlation data"
          value={will.correlationDataHex ?? ''}
          onChange={(value) => set({ correlationDataHex: value === '' ? undefined : value })}
          error={problem('will.correlationDataHex')}
          placeholder="hex, for example 01 af"
          mono
        />
        <Switch
          label="Will payload is UTF-8 text"
          description="Payload format indicator"
          size="xs"
          checked={will.payloadIsUtf8 ?? false}
          onChange={(event) => set({ payloadIsUtf8: event.currentTarget.checked ? true : undefined })}
        />
      </div>
      <KeyValueEditor
        label="Will user properties"
        rows={will.userProperties ?? []}
        onChange={(rows) => set({ userProperties: rows.length === 0 ? undefined : [...rows] })}
      />
    </>
  );
}

function withoutOptional({ enabled, topic, payload, format, qos, retain }: Will): Will {
  return { enabled, topic, payload, format, qos, retain };
}
