import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { type Ref, useEffect, useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import styles from './publish.module.css';

interface TopicFieldProps {
  readonly label: string;
  readonly sessionId: string;
  readonly value: string;
  readonly onChange: (topic: string) => void;
  readonly problem?: string | undefined;
  readonly warning?: string | undefined;
  readonly onBlur?: () => void;
  readonly placeholder: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** Milliseconds of rest in typing before the engine is asked. */
const ASK_DELAY = 80;

/** A topic with completion from the topics that the session knows. */
export function TopicField({
  label,
  sessionId,
  value,
  onChange,
  problem,
  warning,
  onBlur,
  placeholder,
  inputRef,
}: TopicFieldProps) {
  const store = useCombobox({ onDropdownClose: () => store.resetSelectedOption() });
  const [isFocused, setFocused] = useState(false);
  const known = useKnownTopics(sessionId, value, isFocused);
  const isShown = known.length > 0 && !(known.length === 1 && known[0] === value);
  return (
    <Combobox
      store={store}
      onOptionSubmit={(topic) => {
        onChange(topic);
        store.closeDropdown();
      }}
    >
      <Combobox.Target>
        <TextInput
          ref={inputRef}
          data-pane-focus={inputRef === undefined ? undefined : true}
          label={label}
          value={value}
          error={problem ?? false}
          description={problem === undefined ? warning : undefined}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: styles.mono ?? '', description: styles.warning ?? '' }}
          aria-autocomplete="list"
          onChange={(event) => {
            onChange(event.currentTarget.value);
            store.openDropdown();
          }}
          onClick={() => store.openDropdown()}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            store.closeDropdown();
            onBlur?.();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isShown}>
        <Combobox.Options aria-label="Known topics" className={styles.known}>
          {known.map((topic) => (
            <Combobox.Option key={topic} value={topic} active={topic === value} className={styles.option}>
              {visibleText(topic)}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

const none: readonly string[] = [];

/** Topics that begin with what is typed, asked for while the field has the focus. */
function useKnownTopics(sessionId: string, prefix: string, isWanted: boolean): readonly string[] {
  const [known, setKnown] = useState<readonly string[]>(none);
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    let isOld = false;
    const timer = setTimeout(async () => {
      try {
        const { topics } = await engineClient().session(sessionId, 'topics.complete', { prefix, limit: 20 });
        if (!isOld) {
          setKnown(topics);
        }
      } catch {
        // Typing goes on without completion: there is nothing to tell the user.
        if (!isOld) {
          setKnown(none);
        }
      }
    }, ASK_DELAY);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [sessionId, prefix, isWanted]);
  return isWanted ? known : none;
}
