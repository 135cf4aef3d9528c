import { Switch } from '@mantine/core';
import { NumberField, type TabProps } from './fields.tsx';
import styles from './form.module.css';
import { NetworkFields } from './network-fields.tsx';

/** Bytes; sizes are shown in powers of 1000 everywhere. */
const MEGABYTE = 1_000_000;

/** Times, session, memory, and the way through the network. */
export function AdvancedTab(props: TabProps) {
  const { profile, change, problem } = props;
  const { reconnect } = profile;
  return (
    <div className={styles.tab}>
      <div className={styles.pair}>
        <NumberField
          label="Keep alive"
          unit="s"
          value={profile.keepAlive}
          onChange={(keepAlive) => change({ keepAlive: keepAlive ?? Number.NaN })}
          error={problem('keepAlive')}
          description="How often to show a sign of life. 0 switches it off."
        />
        <NumberField
          label="Connect timeout"
          unit="s"
          value={profile.connectTimeout}
          onChange={(connectTimeout) => change({ connectTimeout: connectTimeout ?? Number.NaN })}
          error={problem('connectTimeout')}
          description="For all stages, from DNS to the broker’s answer."
        />
      </div>
      <Switch
        label={profile.mqttVersion === '5.0' ? 'Clean start' : 'Clean session'}
        description="The broker forgets earlier subscriptions and queued messages of this client ID."
        checked={profile.clean}
        onChange={(event) => change({ clean: event.currentTarget.checked })}
        size="xs"
      />
      <Switch
        label="Reconnect"
        description="After a lost connection, with growing waits."
        checked={reconnect.enabled}
        onChange={(event) => change({ reconnect: { ...reconnect, enabled: event.currentTarget.checked } })}
        size="xs"
      />
      {reconnect.enabled && (
        <div className={styles.pair}>
          <NumberField
            label="First wait"
            unit="s"
            allowDecimal
            value={reconnect.minDelay}
            onChange={(minDelay) => change({ reconnect: { ...reconnect, minDelay: minDelay ?? Number.NaN } })}
            error={problem('reconnect.minDelay')}
          />
          <NumberField
            label="Longest wait"
            unit="s"
            allowDecimal
            value={reconnect.maxDelay}
            onChange={(maxDelay) => change({ reconnect: { ...reconnect, maxDelay: maxDelay ?? Number.NaN } })}
            error={problem('reconnect.maxDelay')}
          />
        </div>
      )}
      <div className={styles.pair}>
        <NumberField
          label="Message log"
          unit="MB"
          value={Math.round(profile.logBudget / MEGABYTE)}
          onChange={(megabytes) => change({ logBudget: (megabytes ?? Number.NaN) * MEGABYTE })}
          error={problem('logBudget')}
          description="Memory for messages. When it is full the oldest go, and the ledger counts them."
        />
      </div>
      <NetworkFields {...props} />
    </div>
  );
}
