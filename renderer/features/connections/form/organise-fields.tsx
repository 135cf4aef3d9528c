import { Autocomplete, Button, NativeSelect, Switch } from '@mantine/core';
import { formatCount } from '#app/base/format.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { normalizeGroup } from '#app/profile/groups.ts';
import { type Guard, guards } from '#app/profile/profile.ts';
import { hasVariables, resolveProfile, variablesOf } from '#app/profile/variables.ts';
import { useEnvironment, useEnvironments, useProfiles } from '#renderer/state/engine-data.ts';
import { openEnvironments } from '#renderer/state/environments-dialog.ts';
import { fieldOrder, type TabProps } from './fields.tsx';
import styles from './organise-fields.module.css';

const guardWords: Readonly<Record<Guard, string>> = {
  none: 'None',
  confirm: 'Production: each publish is held',
  readOnly: 'Read-only: nothing is published',
};

/** Where the connection belongs, what happens by itself, what it is protected from, and its variables. */
export function OrganiseFields({ profile, change, problem }: TabProps) {
  const groups = [...new Set(useProfiles().map(({ group }) => group))].filter((group) => group !== '');
  const environments = useEnvironments();
  const isGone =
    profile.environmentId !== undefined && !environments.some(({ id }) => id === profile.environmentId);
  return (
    <div className={styles.fields}>
      <Autocomplete
        label="Group"
        size="xs"
        value={profile.group}
        data={groups.toSorted()}
        maxLength={200}
        placeholder="none"
        error={problem('group') ?? false}
        description="Levels are parted by “/”: Plant/Line 1"
        inputWrapperOrder={fieldOrder}
        onChange={(group) => change({ group })}
        onBlur={(event) => change({ group: normalizeGroup(event.currentTarget.value) })}
      />
      <NativeSelect
        label="Guard"
        size="xs"
        value={profile.guard}
        data={guards.map((value) => ({ value, label: guardWords[value] }))}
        description="For brokers on which a stray message does harm"
        inputWrapperOrder={fieldOrder}
        onChange={(event) => {
          const guard = guards.find((value) => value === event.currentTarget.value);
          change({ guard: guard ?? 'none' });
        }}
      />
      <div className={styles.environment}>
        <NativeSelect
          label="Environment"
          size="xs"
          value={profile.environmentId ?? ''}
          data={[
            { value: '', label: 'None' },
            ...environments.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
            ...(isGone ? [{ value: profile.environmentId ?? '', label: 'Deleted environment' }] : []),
          ]}
          description="Its variables fill {{name}} in"
          inputWrapperOrder={fieldOrder}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change({ environmentId: value === '' ? undefined : value });
          }}
        />
        <Button size="xs" variant="default" onClick={() => openEnvironments(profile.environmentId)}>
          Environments…
        </Button>
      </div>
      <div className={styles.switches}>
        <Switch
          label="Connect at start"
          checked={profile.autoConnect}
          onChange={(event) => change({ autoConnect: event.currentTarget.checked })}
        />
        <Switch
          label="Ask for credentials"
          description="User name and password are asked for with each connect, and not kept"
          checked={profile.askCredentials}
          onChange={(event) => change({ askCredentials: event.currentTarget.checked })}
        />
      </div>
      <Resolved profile={profile} />
    </div>
  );
}

/** Fields that are shown with their variables filled in. */
const MAX_RESOLVED = 12;

/** What the variables make of the fields that use them. */
function Resolved({ profile }: Pick<TabProps, 'profile'>) {
  const environment = useEnvironment(profile.environmentId);
  const filled = resolveProfile(profile, variablesOf(environment)).profile;
  const fields = [
    ['Host', profile.host, filled.host],
    ['Path', profile.path, filled.path],
    ['Client ID', profile.clientId, filled.clientId],
    ['Username', profile.username, filled.username],
    ['Will topic', profile.will.enabled ? profile.will.topic : '', filled.will.topic],
    ...profile.subscriptions.map(({ filter }, index) => [
      'Topic filter',
      filter,
      filled.subscriptions[index]?.filter ?? filter,
    ]),
  ].filter(([, written]) => hasVariables(written ?? ''));
  if (fields.length === 0) {
    return undefined;
  }
  return (
    <dl className={styles.resolved} aria-label="With variables filled in">
      {fields.slice(0, MAX_RESOLVED).map(([name, written, value]) => (
        <div key={`${name} ${written}`}>
          <dt>{name}</dt>
          <dd>{visibleText((value ?? '').slice(0, 300))}</dd>
        </div>
      ))}
      {fields.length > MAX_RESOLVED && <div>and {formatCount(fields.length - MAX_RESOLVED)} more</div>}
    </dl>
  );
}
