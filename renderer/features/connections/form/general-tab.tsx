import { ActionIcon, Menu, NativeSelect, PasswordInput, Tooltip } from '@mantine/core';
import { ChevronDown, RefreshCw } from 'lucide-react';
import { findPreset } from '#app/cloud/presets.ts';
import { portPresets } from '#app/mqtt/ports.ts';
import { generateClientId } from '#app/profile/defaults.ts';
import { mqttVersions, profileColors, protocols } from '#app/profile/profile.ts';
import { CloudPreset } from './cloud-preset.tsx';
import { asksForPassword, CredentialFields } from './credential-fields.tsx';
import { sendsPasswordOpenly, withProtocol, withVersion } from './draft.ts';
import { NumberField, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';
import { OrganiseFields } from './organise-fields.tsx';
import { WebSocketFields } from './web-socket-fields.tsx';

const protocolWords = {
  mqtt: 'mqtt',
  mqtts: 'mqtts',
  ws: 'ws',
  wss: 'wss',
} as const;

/** Name, where the broker is, who we are. */
export function GeneralTab(props: TabProps) {
  const { draft, profile, change, changeSecret, problem } = props;
  return (
    <div className={styles.tab}>
      <div className={styles.nameRow}>
        <TextField
          label="Name"
          value={profile.name}
          onChange={(name) => change({ name })}
          error={problem('name')}
          autoFocus
          required
        />
        <fieldset className={styles.colors}>
          <legend className={styles.legend}>Colour</legend>
          {profileColors.map((color) => (
            <label key={color} className={styles.color} title={color}>
              <input
                type="radio"
                name="profile-color"
                aria-label={color}
                checked={profile.color === color}
                onChange={() => change({ color })}
              />
              <span style={{ background: `var(--color-${color})` }} />
            </label>
          ))}
        </fieldset>
      </div>

      <CloudPreset {...props} />
      <div className={styles.endpoint}>
        <NativeSelect
          label="Protocol"
          size="xs"
          value={profile.protocol}
          data={protocols.map((value) => ({ value, label: protocolWords[value] }))}
          onChange={(event) =>
            change(withProtocol(profile, event.currentTarget.value as typeof profile.protocol))
          }
        />
        <TextField
          label="Host"
          value={profile.host}
          onChange={(host) => change({ host: host.trim() })}
          error={problem('host')}
          placeholder={findPreset(profile.presetId)?.hosts?.example ?? 'broker.example.com'}
          mono
          required
        />
        <NumberField
          label="Port"
          value={profile.port}
          onChange={(port) => change({ port: port ?? Number.NaN })}
          error={problem('port')}
        />
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Tooltip label="Standard ports">
              <ActionIcon variant="default" size={28} aria-label="Standard ports" className={styles.portMenu}>
                <ChevronDown size={16} strokeWidth={1.75} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {portPresets.map(({ port, protocol, label }) => (
              <Menu.Item
                key={port}
                onClick={() => change({ port, protocol })}
                leftSection={<span className={styles.portNumber}>{port}</span>}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <WebSocketFields {...props} />

      <div className={styles.pair}>
        <NativeSelect
          label="MQTT version"
          size="xs"
          value={profile.mqttVersion}
          data={[...mqttVersions].reverse()}
          onChange={(event) =>
            change(withVersion(profile, event.currentTarget.value as typeof profile.mqttVersion))
          }
        />
        <TextField
          label="Client ID"
          value={profile.clientId}
          onChange={(clientId) => change({ clientId })}
          error={problem('clientId')}
          placeholder="assigned by the broker"
          mono
          rightSection={
            <Tooltip label="Generate another">
              <ActionIcon
                variant="subtle"
                size={22}
                aria-label="Generate client ID"
                onClick={() => change({ clientId: generateClientId() })}
              >
                <RefreshCw size={14} strokeWidth={1.75} />
              </ActionIcon>
            </Tooltip>
          }
        />
      </div>

      <CredentialFields {...props} />
      {asksForPassword(profile) && (
        <>
          <div className={styles.pair}>
            <TextField
              label="Username"
              value={profile.username}
              onChange={(username) => change({ username })}
              error={problem('username')}
              mono
            />
            <PasswordInput
              label="Password"
              size="xs"
              autoComplete="new-password"
              value={draft.password ?? ''}
              placeholder={
                profile.passwordRef !== undefined && draft.password === undefined ? 'Kept in the vault' : ''
              }
              // Emptied again, what is kept stays: it is removed by its own button.
              onChange={(event) => changeSecret('password', event.currentTarget.value || undefined)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
            />
          </div>
          {profile.passwordRef !== undefined && draft.password !== null && (
            <button
              type="button"
              className={styles.textButton}
              onClick={() => changeSecret('password', null)}
            >
              Remove the kept password
            </button>
          )}
        </>
      )}
      {sendsPasswordOpenly(draft) && (
        <p className={styles.warning} role="note">
          The password travels unencrypted: anyone on the way can read it. Use mqtts or wss where the broker
          offers it.
        </p>
      )}
      <OrganiseFields {...props} />
    </div>
  );
}
