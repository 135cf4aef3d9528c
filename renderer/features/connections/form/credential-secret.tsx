import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SecretName } from '#app/profile/profile.ts';
import { secretField } from './draft.ts';
import { fieldOrder, type TabProps } from './fields.tsx';
import styles from './form.module.css';

interface SecretFieldProps extends Pick<TabProps, 'draft' | 'changeNamedSecret' | 'problem'> {
  readonly name: SecretName;
  readonly label: string;
  readonly description?: ReactNode;
  /** Instead of keeping what was typed as it is. */
  readonly onText?: (text: string) => void;
}

/** A secret of the profile: typed or pasted, kept in the vault, never shown again. */
export function SecretField({ name, label, description, onText, ...form }: SecretFieldProps) {
  const { draft, changeNamedSecret, problem } = form;
  const { value, placeholder } = secretField(draft, name);
  const keep = (text: string) => changeNamedSecret(name, text === '' ? undefined : text);
  return (
    <div>
      <PasswordInput
        label={label}
        size="xs"
        inputWrapperOrder={fieldOrder}
        autoComplete="new-password"
        value={value}
        placeholder={placeholder}
        description={description}
        error={problem(`secrets.${name}`) ?? false}
        onChange={(event) => (onText ?? keep)(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': `Show ${label.toLowerCase()}` }}
      />
      {placeholder !== '' && (
        <button type="button" className={styles.textButton} onClick={() => changeNamedSecret(name, null)}>
          Remove the kept {label.toLowerCase()}
        </button>
      )}
    </div>
  );
}
