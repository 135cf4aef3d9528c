import { type Environment, variableNamePattern } from '#app/profile/variables.ts';

/** An environment as it stands in its fields. */
export interface EnvironmentDraft {
  readonly id: string;
  readonly isNew: boolean;
  readonly name: string;
  readonly variables: readonly { readonly key: string; readonly value: string }[];
}

export function newEnvironmentDraft(): EnvironmentDraft {
  return { id: crypto.randomUUID(), isNew: true, name: '', variables: [{ key: '', value: '' }] };
}

export function draftOfEnvironment({ id, name, variables }: Environment): EnvironmentDraft {
  return { id, isNew: false, name, variables: variables.map(({ name: key, value }) => ({ key, value })) };
}

/** What is saved: names without white space around them, rows that were left empty left out. */
export function environmentOf({ id, name, variables }: EnvironmentDraft): Environment {
  return {
    id,
    name: name.trim(),
    variables: variables
      .map(({ key, value }) => ({ name: key.trim(), value }))
      .filter((variable) => variable.name !== '' || variable.value !== ''),
  };
}

/** Why the draft can't be saved, in plain words; `others` are the names of the other environments. */
export function environmentProblem(draft: EnvironmentDraft, others: readonly string[]): string | undefined {
  const { name, variables } = environmentOf(draft);
  if (name === '') {
    return 'Give the environment a name.';
  }
  if (others.includes(name)) {
    return `There is an environment “${name}” already.`;
  }
  const seen = new Set<string>();
  for (const variable of variables) {
    if (variable.name === '') {
      return `The value “${variable.value.slice(0, 40)}” has no name.`;
    }
    if (!variableNamePattern.test(variable.name)) {
      return `“${variable.name.slice(0, 40)}” can’t be a name: letters, digits, “_”, “.” and “-”, a letter first.`;
    }
    if (seen.has(variable.name)) {
      return `There are two variables “${variable.name}”.`;
    }
    seen.add(variable.name);
  }
  return undefined;
}
