import { z } from 'zod';
import { assertNever } from '../base/assert.ts';
import type { Profile } from './profile.ts';

/** Version of the stored file of environments; raised with each change of shape. */
export const ENVIRONMENT_SCHEMA_VERSION = 1;

/** What a variable may be called: letters, digits, `_`, `.` and `-`, a letter or `_` first. */
export const variableNamePattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

const variableSchema = z.object({
  name: z
    .string()
    .regex(
      variableNamePattern,
      'A variable’s name has letters, digits, “_”, “.” and “-”; a letter comes first',
    ),
  value: z.string().max(4096),
});

/** A named set of variables. They are not secret: they lie in a plain file and are shown on screen. */
export const environmentSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1, 'An environment needs a name').max(100),
  variables: z
    .array(variableSchema)
    .max(200)
    .refine(
      (variables) => new Set(variables.map(({ name }) => name)).size === variables.length,
      'Two variables have the same name',
    ),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Name to value. */
export type Variables = ReadonlyMap<string, string>;

const reference = /\{\{\s*([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\}\}/g;

/** A text with its variables filled in, and the names of those that there are none of, each once. */
export interface Substituted {
  readonly text: string;
  readonly missing: readonly string[];
}

export function variablesOf(environment: Environment | undefined): Variables {
  return new Map((environment?.variables ?? []).map(({ name, value }) => [name, value]));
}

/** Whether the text names a variable: `{{site}}`, blanks inside the braces allowed. */
export function hasVariables(text: string): boolean {
  return text.includes('{{') && text.search(reference) >= 0;
}

/**
 * Fills `{{name}}` in, once: braces in a value stay as they are. What names no variable, such as `{{}}` or `{{1}}`, and
 * a variable that is missing stay as they stand.
 */
export function substitute(text: string, variables: Variables): Substituted {
  if (!text.includes('{{')) {
    return { text, missing: [] };
  }
  const missing = new Set<string>();
  const filled = text.replace(reference, (whole, name: string) => {
    const value = variables.get(name);
    if (value === undefined) {
      missing.add(name);
    }
    return value ?? whole;
  });
  return { text: filled, missing: [...missing] };
}

/** A variable that a field names and that there is none of. */
export interface MissingVariable {
  /** Path of the field: `host`, `will.topic`, `subscriptions.2.filter`. */
  readonly field: string;
  readonly name: string;
}

/** A profile with its variables filled in. */
export interface ResolvedProfile {
  readonly profile: Profile;
  readonly missing: readonly MissingVariable[];
}

/** With the environment that the variables are of. */
export interface FilledProfile extends ResolvedProfile {
  readonly environment: Environment | undefined;
}

/** Fills the variables in wherever they may stand: host, path, client ID, user name, names of the cloud's sign-in, topics of will and birth, filters of subscriptions and rules. */
export function resolveProfile(profile: Profile, variables: Variables): ResolvedProfile {
  const missing: MissingVariable[] = [];
  const fill = (field: string, text: string): string => {
    const filled = substitute(text, variables);
    missing.push(...filled.missing.map((name) => ({ field, name })));
    return filled.text;
  };
  const resolved: Profile = {
    ...profile,
    host: fill('host', profile.host),
    path: fill('path', profile.path),
    clientId: fill('clientId', profile.clientId),
    username: fill('username', profile.username),
    credentials: fillCredentials(profile.credentials, fill),
    // A will that is switched off may stay half done.
    will: profile.will.enabled
      ? { ...profile.will, topic: fill('will.topic', profile.will.topic) }
      : profile.will,
    birth: profile.birth.enabled
      ? { ...profile.birth, topic: fill('birth.topic', profile.birth.topic) }
      : profile.birth,
    subscriptions: profile.subscriptions.map((subscription, index) => {
      const filter = fill(`subscriptions.${index}.filter`, subscription.filter);
      return filter === subscription.filter ? subscription : { ...subscription, filter };
    }),
    // Nothing depends on a rule but looks: one that lacks a variable matches nothing, and keeps nobody from connecting.
    rules: profile.rules.map((rule) => {
      const { text } = substitute(rule.filter, variables);
      return text === rule.filter ? rule : { ...rule, filter: text };
    }),
  };
  return { profile: resolved, missing };
}

/** Fills in what names a device, a project or a key of a cloud service: all of its texts but the algorithm. */
function fillCredentials(
  credentials: Profile['credentials'],
  fill: (field: string, text: string) => string,
): Profile['credentials'] {
  const filled = (name: string, text: string) => fill(`credentials.${name}`, text);
  switch (credentials.kind) {
    case 'password':
      return credentials;
    case 'awsSigV4':
      return {
        ...credentials,
        region: filled('region', credentials.region),
        accessKeyId: filled('accessKeyId', credentials.accessKeyId),
      };
    case 'awsAuthorizer':
      return {
        ...credentials,
        authorizer: filled('authorizer', credentials.authorizer),
        tokenKeyName: filled('tokenKeyName', credentials.tokenKeyName),
      };
    case 'azureSas':
    case 'azureX509':
      return {
        ...credentials,
        deviceId: filled('deviceId', credentials.deviceId),
        moduleId: filled('moduleId', credentials.moduleId),
      };
    case 'googleJwt':
      return { ...credentials, projectId: filled('projectId', credentials.projectId) };
    default:
      return assertNever(credentials);
  }
}

/** What is wrong about a variable that is missing, and what to do; `environment` is the profile's. */
export function missingVariableText(name: string, environment: Environment | undefined): string {
  return environment === undefined
    ? `The variable {{${name}}} needs an environment: choose one under General.`
    : `The environment “${environment.name}” has no variable {{${name}}}.`;
}
