import { NumberInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProfileProblem } from '#app/profile/problems.ts';
import type { Profile, SecretName } from '#app/profile/profile.ts';
import type { ProfileDraft, ProfilePatch, SecretChange } from './draft.ts';

/** What every tab of the form gets. */
export interface TabProps {
  readonly draft: ProfileDraft;
  readonly profile: Profile;
  /** Of the newest draft: an editor may report later than the last key stroke elsewhere. */
  change(patch: ProfilePatch | ((profile: Profile) => ProfilePatch)): void;
  changeSecret(secret: 'password' | 'passphrase', value: SecretChange): void;
  /** Of the secrets beside those two. */
  changeNamedSecret(name: SecretName, value: SecretChange): void;
  /** Save and Connect wait for this: it may change the profile yet. */
  waitFor(work: Promise<unknown>): void;
  /** The problem of a field, once the user has tried to save or has left the field. */
  problem(field: string): string | undefined;
}

/** Makes the lookup of {@link TabProps.problem}. */
export function problemLookup(problems: readonly ProfileProblem[]): (field: string) => string | undefined {
  const byField = new Map(problems.map((problem) => [problem.field, problem.message]));
  return (field) => byField.get(field);
}

/** Explanations come below their fields, so that fields side by side stay on one line. */
export const fieldOrder: ('label' | 'input' | 'error' | 'description')[] = [
  'label',
  'input',
  'error',
  'description',
];

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly description?: ReactNode;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly rightSection?: ReactNode;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
}

/** A line of text; `mono` for what a machine reads. */
export function TextField({ onChange, error, mono, required, ...props }: TextFieldProps) {
  return (
    <TextInput
      {...props}
      inputWrapperOrder={fieldOrder}
      size="xs"
      error={error ?? false}
      onChange={(event) => onChange(event.currentTarget.value)}
      spellCheck={false}
      autoComplete="off"
      withAsterisk={false}
      aria-required={required === true}
      styles={mono === true ? { input: { fontFamily: 'var(--font-mono)' } } : {}}
    />
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly error?: string | undefined;
  readonly description?: ReactNode;
  readonly placeholder?: string;
  /** Shown behind the number: `s`, `MB`. */
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly allowDecimal?: boolean;
}

/** A number with its unit. What is out of range stays as typed and is marked, never silently changed. */
export function NumberField({
  value,
  onChange,
  error,
  unit,
  min,
  max,
  allowDecimal,
  ...props
}: NumberFieldProps) {
  return (
    <NumberInput
      {...props}
      inputWrapperOrder={fieldOrder}
      size="xs"
      value={value === undefined || Number.isNaN(value) ? '' : value}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      error={error ?? false}
      clampBehavior="none"
      allowDecimal={allowDecimal ?? false}
      allowNegative={false}
      hideControls
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      rightSection={unit === undefined ? undefined : <span className="field-unit">{unit}</span>}
      rightSectionWidth={unit === undefined ? 0 : 16 + unit.length * 7}
      rightSectionPointerEvents="none"
    />
  );
}
