import { Button } from '@mantine/core';
import { Copy, Pencil, Plug, SquareArrowOutUpRight, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import { credentialKinds, usesPassword } from '#app/cloud/credential-kinds.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Profile } from '#app/profile/profile.ts';
import { attempt } from '#renderer/commands/run.ts';
import { openProfile } from '#renderer/state/actions.ts';
import { endpointText, stateWord, versionText } from '#renderer/state/connection-words.ts';
import { useEnvironment, useSessions } from '#renderer/state/engine-data.ts';
import { editProfile } from '#renderer/state/home.ts';
import { activateTab } from '#renderer/state/workspace.ts';
import { ColorDot } from '#renderer/ui/color-mark.tsx';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import { ProfileDiagnosis } from './diagnosis/profile-diagnosis.tsx';
import { deleteProfile, duplicateProfile } from './profile-actions.ts';
import classes from './profile-details.module.css';

/** What a profile is, at a glance, with what can be done with it. */
export function ProfileDetails({ profile }: { readonly profile: Profile }) {
  const session = useSessions().find(({ profileId }) => profileId === profile.id);
  const environment = useEnvironment(profile.environmentId);
  const isUp = session?.state.kind === 'connected';
  return (
    <section aria-label="Connection" className={classes.details}>
      <header className={classes.header}>
        <h2 className={classes.name}>
          <ColorDot color={profile.color} />
          <span className="truncate">{visibleText(profile.name)}</span>
        </h2>
        <p className={classes.endpoint}>{visibleText(endpointText(profile))}</p>
        {session !== undefined && (
          <p className={classes.state}>
            <StateGlyph kind={session.state.kind} />
            {stateWord(session.state)}
          </p>
        )}
      </header>
      <div className={classes.actions}>
        {session !== undefined && isUp ? (
          <Button
            leftSection={<SquareArrowOutUpRight size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => activateTab(session.sessionId)}
          >
            Go to its tab
          </Button>
        ) : (
          <Button
            leftSection={<Plug size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => attempt(() => openProfile(profile.id))}
          >
            Connect
          </Button>
        )}
        <ProfileDiagnosis profile={profile} />
        <Button
          variant="default"
          leftSection={<Pencil size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => editProfile(profile.id)}
        >
          Edit
        </Button>
        <Button
          variant="default"
          leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => attempt(() => duplicateProfile(profile))}
        >
          Duplicate
        </Button>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Trash2 size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => attempt(() => deleteProfile(profile))}
        >
          Delete
        </Button>
      </div>
      <dl className={classes.facts}>
        {profile.group !== '' && <Fact name="Group">{visibleText(profile.group)}</Fact>}
        {profile.guard !== 'none' && (
          <Fact name="Guard">
            {profile.guard === 'readOnly'
              ? 'read-only: nothing is published'
              : 'production: each publish is held'}
          </Fact>
        )}
        {profile.environmentId !== undefined && (
          <Fact name="Environment">{visibleText(environment?.name ?? 'deleted: choose another one')}</Fact>
        )}
        {profile.autoConnect && <Fact name="At start">connects by itself</Fact>}
        <Fact name="Version">{versionText(profile.mqttVersion)}</Fact>
        <Fact name="Client ID" isCode>
          {profile.clientId === '' ? 'given by the broker' : visibleText(profile.clientId)}
        </Fact>
        <Fact name="Sign-in">{signIn(profile)}</Fact>
        <Fact name="Encryption">{encryption(profile)}</Fact>
        <Fact name="Session">
          {profile.clean ? 'starts clean' : 'is kept by the broker'}, keep alive {profile.keepAlive} s
        </Fact>
        <Fact name="Last will" isCode={profile.will.enabled}>
          {profile.will.enabled ? visibleText(profile.will.topic) : 'none'}
        </Fact>
        <Fact name="Subscriptions">
          {profile.subscriptions.length === 0 ? (
            'none saved'
          ) : (
            <ul className={classes.filters}>
              {profile.subscriptions.slice(0, 12).map(({ id, filter, color, enabled }) => (
                <li key={id} data-off={!enabled || undefined}>
                  <ColorDot color={color} />
                  <span className="truncate">{visibleText(filter)}</span>
                  {!enabled && <span className={classes.off}>off</span>}
                </li>
              ))}
              {profile.subscriptions.length > 12 && (
                <li>and {formatQuantity(profile.subscriptions.length - 12, 'more', 'more')}</li>
              )}
            </ul>
          )}
        </Fact>
        <Fact name="Memory">up to {formatBytes(profile.logBudget)} of messages</Fact>
      </dl>
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly isCode?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, isCode = false, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isCode ? classes.code : undefined}>{children}</dd>
    </>
  );
}

function signIn({ credentials, username, passwordRef, askCredentials }: Profile): string {
  if (!usesPassword(credentials.kind)) {
    return credentialKinds.find(({ kind }) => kind === credentials.kind)?.label ?? '';
  }
  if (askCredentials) {
    return 'asked for with each connect';
  }
  if (username === '') {
    return passwordRef === undefined ? 'none' : 'password without a username';
  }
  return `as ${visibleText(username)}${passwordRef === undefined ? ', without a password' : ''}`;
}

function encryption({ protocol, tls }: Profile): string {
  if (protocol !== 'mqtts' && protocol !== 'wss') {
    return 'none: sent in the clear';
  }
  if (tls.psk !== undefined) {
    return 'TLS with a pre-shared key';
  }
  const verified =
    tls.pin === undefined ? 'broker verified' : 'broker verified, or by its pinned certificate';
  const verification = tls.verify ? verified : 'broker not verified';
  const issuer = tls.ca.length > 0 ? ` against ${formatQuantity(tls.ca.length, 'CA file')}` : '';
  return `TLS, ${verification}${tls.verify ? issuer : ''}${tls.certificate === undefined ? '' : ', with a client certificate'}`;
}
