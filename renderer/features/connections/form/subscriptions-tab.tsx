import { ActionIcon, Button, NativeSelect, Switch, Tooltip } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { profileColors, type Qos, type Subscription } from '#app/profile/profile.ts';
import { type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';

/** Subscriptions that are made with each connect; the same list can be changed while connected. */
export function SubscriptionsTab({ profile, change, problem }: TabProps) {
  const [filter, setFilter] = useState('');
  const [complaint, setComplaint] = useState<string | undefined>(undefined);
  const { subscriptions } = profile;
  const set = (index: number, patch: Partial<Subscription>) =>
    change({ subscriptions: subscriptions.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  const add = (wanted: string) => {
    const reason =
      wanted === ''
        ? 'Enter a topic filter, for example sensors/+/temperature.'
        : (topicFilterProblem(wanted) ??
          (subscriptions.some((row) => row.filter === wanted)
            ? 'This filter is in the list already.'
            : undefined));
    setComplaint(reason);
    if (reason === undefined) {
      const color = profileColors[1 + (subscriptions.length % (profileColors.length - 1))] ?? 'blue';
      change({ subscriptions: [...subscriptions, newSubscription(wanted, { color })] });
      setFilter('');
    }
  };
  const offered = ['#', '$SYS/#'].filter((wanted) => !subscriptions.some((row) => row.filter === wanted));
  return (
    <div className={styles.tab}>
      <form
        className={styles.addRow}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          add(filter);
        }}
      >
        <TextField
          label="Topic filter"
          value={filter}
          onChange={setFilter}
          error={complaint}
          placeholder="sensors/+/temperature"
          mono
        />
        <Button type="submit" size="xs" variant="default" leftSection={<Plus size={14} strokeWidth={1.75} />}>
          Add
        </Button>
      </form>
      {offered.length > 0 && (
        <div className={styles.offers}>
          {offered.map((wanted) => (
            <button key={wanted} type="button" className={styles.textButton} onClick={() => add(wanted)}>
              {wanted === '#' ? 'Add # (every topic)' : 'Add $SYS/# (about the broker)'}
            </button>
          ))}
        </div>
      )}
      {subscriptions.length === 0 ? (
        <p className={styles.note}>
          Nothing is subscribed on connect. You can also subscribe while connected.
        </p>
      ) : (
        <ul className={styles.subscriptions}>
          {subscriptions.map((row, index) => (
            <li key={row.id} style={{ borderLeftColor: `var(--color-${row.color})` }}>
              <TextField
                label="Filter"
                value={row.filter}
                onChange={(value) => set(index, { filter: value })}
                error={problem(`subscriptions.${index}.filter`)}
                mono
              />
              <NativeSelect
                label="QoS"
                size="xs"
                value={String(row.qos)}
                data={['0', '1', '2']}
                onChange={(event) => set(index, { qos: Number(event.currentTarget.value) as Qos })}
              />
              <Switch
                label="On"
                size="xs"
                checked={row.enabled}
                onChange={(event) => set(index, { enabled: event.currentTarget.checked })}
              />
              <Tooltip label="Remove">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${row.filter}`}
                  onClick={() =>
                    change({ subscriptions: subscriptions.filter((other) => other.id !== row.id) })
                  }
                >
                  <Trash2 size={16} strokeWidth={1.75} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
