import { NativeSelect, Switch } from '@mantine/core';
import { formatQuantity } from '#app/base/format.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { encodePayload } from '#app/payload/registry.ts';
import { type PayloadFormat, payloadFormats, type Qos, type Will } from '#app/profile/profile.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { KeyValueEditor } from '#renderer/ui/key-value-editor.tsx';
import { NumberField, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';

/** The message that the broker sends for us when the connection is lost. */
export function WillTab({ profile, change, problem }: TabProps) {
  const { will } = profile;
  const set = (patch: { [K in keyof Will]?: Will[K] | undefined }) =>
    change(({ will: before }) => {
      const entries = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== undefined);
      return { will: { ...withoutOptional(before), ...Object.fromEntries(entries) } as Will };
    });
  return (
    <div className={styles.tab}>
      <Switch
        label="Send a last will"
        description="The broker publishes it when this client is gone without saying goodbye."
        size="xs"
        checked={will.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      {will.enabled && (
        <>
          <TextField
            label="Will topic"
            value={will.topic}
            onChange={(topic) => set({ topic })}
            error={problem('will.topic')}
            placeholder="devices/gateway-1/status"
            mono
            required
          />
          <div className={styles.willRow}>
            <NativeSelect
              label="Will format"
              size="xs"
              value={will.format}
              data={payloadFormats.map((value) => ({ value, label: formatNames[value] }))}
              onChange={(event) => set({ format: event.currentTarget.value as PayloadFormat })}
            />
            <NativeSelect
              label="Will QoS"
              size="xs"
              value={String(will.qos)}
              data={['0', '1', '2']}
              onChange={(event) => set({ qos: Number(event.currentTarget.value) as Qos })}
            />
            <Switch
              label="Will retain"
              size="xs"
              checked={will.retain}
              onChange={(event) => set({ retain: event.currentTarget.checked })}
            />
          </div>
          <div>
            <span className={styles.legend}>Will payload</span>
            <div className={styles.editor}>
              <CodeEditor
                ariaLabel="Will payload"
                value={will.payload}
                language={will.format === 'json' || will.format === 'xml' ? will.format : 'plaintext'}
                onChange={(payload) => set({ payload })}
              />
            </div>
            <p className={problem('will.payload') === undefined ? styles.hint : styles.error}>
              {problem('will.payload') ?? sizeOf(will)}
            </p>
          </div>
          {profile.mqttVersion === '5.0' && <WillProperties will={will} set={set} problem={problem} />}
        </>
      )}
    </div>
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

function sizeOf(will: Will): string {
  try {
    return formatQuantity(encodePayload(will.format, will.payload).length, 'byte');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
