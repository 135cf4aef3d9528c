import { Copy, Send } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration } from '#app/base/format.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { requestPublish } from '#renderer/state/workspace.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { toAsciiText, toHexText } from '#renderer/ui/hex-geometry.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './properties.module.css';

interface PropertiesTabProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
  readonly mqttVersion: MqttVersion | undefined;
}

interface Property {
  readonly name: string;
  /** As it is copied. */
  readonly text: string;
  /** As it is shown, where that differs. */
  readonly shown?: ReactNode;
  readonly action?: ReactNode;
}

/** What came with the message beside its payload: MQTT 5.0 properties, and what Topicscope knows of it. */
export function PropertiesTab({ sessionId, details, mqttVersion }: PropertiesTabProps) {
  const mqtt5 = mqtt5Properties(sessionId, details);
  const user = details.properties.userProperties ?? [];
  return (
    <div className={classes.scroll}>
      <PropertyTable caption="MQTT 5 properties" rows={mqtt5} empty={emptyWords(mqttVersion)} />
      {user.length > 0 && (
        <PropertyTable
          caption="User properties"
          rows={user.map(({ key, value }) => ({ name: visibleText(key), text: value }))}
        />
      )}
      <PropertyTable caption="Message" rows={messageFacts(details)} />
    </div>
  );
}

function emptyWords(version: MqttVersion | undefined): string {
  return version === undefined || version === '5.0'
    ? 'The message came without properties.'
    : `None: MQTT ${version} has no message properties. They came with MQTT 5.0.`;
}

function mqtt5Properties(sessionId: string, { properties }: MessageDetails): readonly Property[] {
  const rows: Property[] = [];
  const add = (name: string, text: string | undefined, more: Omit<Property, 'name' | 'text'> = {}) => {
    if (text !== undefined) {
      rows.push({ name, text, ...more });
    }
  };
  const { payloadIsUtf8, messageExpiryInterval: expiry, responseTopic, correlationData } = properties;
  add(
    'Payload format',
    payloadIsUtf8 === undefined ? undefined : payloadIsUtf8 ? 'UTF-8 text (1)' : 'Unspecified bytes (0)',
  );
  add('Content type', properties.contentType);
  add('Message expiry', expiry === undefined ? undefined : `${expiry}`, {
    shown: expiry === undefined ? undefined : `${formatCount(expiry)} s (${formatDuration(expiry * 1000)})`,
  });
  add('Response topic', responseTopic, {
    action: responseTopic !== undefined && (
      <IconButton
        compact
        icon={Send}
        label="Use response topic in Publish"
        onClick={() => requestPublish(sessionId, { topic: responseTopic })}
      />
    ),
  });
  if (correlationData !== undefined) {
    add('Correlation data', toHexText(correlationData), {
      shown: (
        <>
          {toHexText(correlationData.subarray(0, 64))}
          {correlationData.length > 64 && '…'}{' '}
          <span className={classes.aside}>
            {toAsciiText(correlationData.subarray(0, 64))} ({formatBytes(correlationData.length)})
          </span>
        </>
      ),
    });
  }
  const ids = properties.subscriptionIdentifiers;
  add('Subscription identifiers', ids === undefined || ids.length === 0 ? undefined : ids.join(', '));
  add('Topic alias', properties.topicAlias === undefined ? undefined : `${properties.topicAlias}`);
  return rows;
}

function messageFacts(details: MessageDetails): readonly Property[] {
  return [
    { name: 'Topic', text: details.topic },
    { name: 'Direction', text: details.direction },
    { name: 'QoS', text: `${details.qos}` },
    { name: 'Retain', text: details.retain ? 'yes' : 'no' },
    { name: 'Duplicate', text: details.dup ? 'yes' : 'no' },
    {
      name: 'Payload size',
      text: `${details.size}`,
      shown: `${formatBytes(details.size)} (${formatCount(details.size)} bytes)`,
    },
    {
      name: details.direction === 'published' ? 'Published' : 'Received',
      text: new Date(details.receivedAt).toISOString(),
    },
    {
      name: 'Matching subscriptions',
      text: details.matching.join(', '),
      shown: details.matching.length === 0 ? 'none now' : undefined,
    },
    { name: 'Sequence number', text: `${details.sequence}` },
  ];
}

interface PropertyTableProps {
  readonly caption: string;
  readonly rows: readonly Property[];
  readonly empty?: string;
}

function PropertyTable({ caption, rows, empty }: PropertyTableProps) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>{caption}</caption>
      <tbody>
        {rows.map(({ name, text, shown, action }, index) => (
          // Names of user properties may repeat, in an order that counts.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={index}>
            <th scope="row" className={classes.name}>
              {name}
            </th>
            <td className={classes.value}>{shown ?? (text === '' ? '(empty)' : visibleText(text))}</td>
            <td className={classes.actions}>
              {action}
              <IconButton
                compact
                icon={Copy}
                label={`Copy ${name}`}
                onClick={() =>
                  attempt(async () => {
                    await copyText(text);
                    notify({ id: 'copied', level: 'ok', message: `Copied ${name}` });
                  })
                }
              />
            </td>
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={3} className={classes.none}>
              {empty}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
