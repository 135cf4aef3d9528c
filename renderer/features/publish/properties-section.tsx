import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import {
  countProperties,
  type PropertiesProblems,
  type TemplateProperties,
} from '#app/publish/template-properties.ts';
import { KeyValueEditor } from '#renderer/ui/key-value-editor.tsx';
import styles from './publish.module.css';
import { TopicField } from './topic-field.tsx';

interface PropertiesSectionProps {
  readonly sessionId: string;
  readonly draft: TemplateProperties;
  readonly problems: PropertiesProblems;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChange: (draft: TemplateProperties) => void;
}

/** The properties of a PUBLISH that a sender may set (MQTT 5.0 section 3.3.2.3). */
export function PropertiesSection(props: PropertiesSectionProps) {
  const { draft, isOpen, onToggle } = props;
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const count = countProperties(draft);
  useEffect(() => {
    if (isOpen) {
      section.current?.scrollIntoView({ block: 'start' });
    }
  }, [isOpen]);
  return (
    <section ref={section} className={styles.properties}>
      <button
        type="button"
        className={styles.propertiesHead}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onToggle}
      >
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
        <span>MQTT 5 properties</span>
        {count > 0 && <span className={styles.count}>{count} set</span>}
      </button>
      <div id={id} className={styles.propertiesBody} hidden={!isOpen}>
        {isOpen && <Fields {...props} />}
      </div>
    </section>
  );
}

function Fields({ sessionId, draft, problems, onChange }: PropertiesSectionProps) {
  const set = (patch: Partial<TemplateProperties>) => onChange({ ...draft, ...patch });
  const mono = { classNames: { input: styles.mono ?? '' }, spellCheck: false, autoComplete: 'off' };
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          {...mono}
          label="Content type"
          placeholder="application/json"
          value={draft.contentType}
          onChange={(event) => set({ contentType: event.currentTarget.value })}
        />
        <TextInput
          {...mono}
          label="Message expiry"
          placeholder="never"
          inputMode="numeric"
          rightSection={<span className={styles.unit}>s</span>}
          rightSectionPointerEvents="none"
          value={draft.expiry}
          error={problems.expiry ?? false}
          onChange={(event) => set({ expiry: event.currentTarget.value.trim() })}
        />
      </div>
      <TopicField
        label="Response topic"
        placeholder="devices/valve-1/answer"
        sessionId={sessionId}
        value={draft.responseTopic}
        problem={problems.responseTopic}
        onChange={(responseTopic) => set({ responseTopic })}
      />
      <div className={styles.correlation}>
        <TextInput
          {...mono}
          label="Correlation data"
          placeholder={draft.correlationFormat === 'hex' ? '01 af' : 'request-17'}
          value={draft.correlation}
          error={problems.correlation ?? false}
          onChange={(event) => set({ correlation: event.currentTarget.value })}
        />
        <NativeSelect
          aria-label="Format of the correlation data"
          value={draft.correlationFormat}
          data={[
            { value: 'text', label: 'Text' },
            { value: 'hex', label: 'Hex' },
          ]}
          onChange={(event) =>
            set({ correlationFormat: event.currentTarget.value === 'hex' ? 'hex' : 'text' })
          }
        />
      </div>
      <Switch
        label="Payload is UTF-8 text"
        description="Payload format indicator"
        checked={draft.payloadIsUtf8}
        onChange={(event) => set({ payloadIsUtf8: event.currentTarget.checked })}
      />
      <KeyValueEditor
        label="User properties"
        rows={draft.userProperties}
        onChange={(userProperties) => set({ userProperties })}
      />
    </>
  );
}
