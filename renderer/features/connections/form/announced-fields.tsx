import { NativeSelect, Switch } from '@mantine/core';
import { formatQuantity } from '#app/base/format.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { encodePayload } from '#app/payload/registry.ts';
import { type Birth, type PayloadFormat, payloadFormats, type Qos } from '#app/profile/profile.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { formatLanguage } from '#renderer/editor/format-language.ts';
import { TextField } from './fields.tsx';
import styles from './form.module.css';

type Announced = Omit<Birth, 'enabled'>;

interface AnnouncedFieldsProps {
  /** Begins the labels. */
  readonly name: 'Will' | 'Birth';
  readonly message: Announced;
  readonly placeholder: string;
  set(patch: Partial<Announced>): void;
  problem(field: keyof Announced): string | undefined;
}

/** Topic, format, QoS, retain and payload of a message that is sent with a connection's beginning or end. */
export function AnnouncedFields({ name, message, placeholder, set, problem }: AnnouncedFieldsProps) {
  const { topic, payload, format, qos, retain } = message;
  return (
    <>
      <TextField
        label={`${name} topic`}
        value={topic}
        onChange={(value) => set({ topic: value })}
        error={problem('topic')}
        placeholder={placeholder}
        mono
        required
      />
      <div className={styles.willRow}>
        <NativeSelect
          label={`${name} format`}
          size="xs"
          value={format}
          data={payloadFormats.map((value) => ({ value, label: formatNames[value] }))}
          onChange={(event) => set({ format: event.currentTarget.value as PayloadFormat })}
        />
        <NativeSelect
          label={`${name} QoS`}
          size="xs"
          value={String(qos)}
          data={['0', '1', '2']}
          onChange={(event) => set({ qos: Number(event.currentTarget.value) as Qos })}
        />
        <Switch
          label={`${name} retain`}
          size="xs"
          checked={retain}
          onChange={(event) => set({ retain: event.currentTarget.checked })}
        />
      </div>
      <div>
        <span className={styles.legend}>{name} payload</span>
        <div className={styles.editor}>
          <CodeEditor
            ariaLabel={`${name} payload`}
            value={payload}
            language={formatLanguage(format)}
            onChange={(value) => set({ payload: value })}
          />
        </div>
        <p className={problem('payload') === undefined ? styles.hint : styles.error}>
          {problem('payload') ?? sizeOf(message)}
        </p>
      </div>
    </>
  );
}

function sizeOf({ format, payload }: Announced): string {
  try {
    return formatQuantity(encodePayload(format, payload).length, 'byte');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
