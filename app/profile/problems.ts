import { credentialProblems } from '../cloud/credential-problems.ts';
import { topicFilterProblem, topicNameProblem } from '../mqtt/topic.ts';
import { encodePayload } from '../payload/registry.ts';
import { type Profile, profileSchema, type SecretName } from './profile.ts';
import { authenticationProblems, tlsProblems, transportProblems } from './transport-problems.ts';

/** The tabs of the profile form; a problem names the one that its field is on. */
export const profileTabs = [
  'General',
  'Security',
  'Last will',
  'MQTT 5',
  'Subscriptions',
  'Advanced',
] as const;
export type ProfileTab = (typeof profileTabs)[number];

/** Something in a profile that would fail when connecting, with the remedy in its words. */
export interface ProfileProblem {
  /** Path of the field: `host`, `will.topic`, `subscriptions.2.filter`. */
  readonly field: string;
  readonly tab: ProfileTab;
  readonly message: string;
}

/** What the vault holds or will hold for the profile; the profile itself has references only. */
export interface SecretsPresent {
  readonly password: boolean;
  /** Whether there is a secret of this name. Absent: the caller does not know, and none is missed. */
  has?(name: SecretName): boolean;
  /** The value just typed, where there is one: what the vault holds is never seen again. */
  typed?(name: SecretName): string | undefined;
}

/** All that keeps a profile from connecting, in the order of the form; empty when it is sound. */
export function profileProblems(profile: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const problems = [
    ...generalProblems(profile, secrets),
    ...transportProblems(profile, secrets),
    ...securityProblems(profile, secrets),
    ...cloudProblems(profile, secrets),
    ...authenticationProblems(profile, secrets),
    ...willProblems(profile),
    ...birthProblems(profile),
  ];
  for (const [index, subscription] of profile.subscriptions.entries()) {
    const problem = topicFilterProblem(subscription.filter);
    if (problem !== undefined) {
      problems.push({ field: `subscriptions.${index}.filter`, tab: 'Subscriptions', message: problem });
    }
  }
  if (profile.reconnect.minDelay > profile.reconnect.maxDelay) {
    problems.push({
      field: 'reconnect.maxDelay',
      tab: 'Advanced',
      message: 'The longest wait is shorter than the first one.',
    });
  }
  const known = new Set(problems.map((problem) => problem.field));
  const parsed = profileSchema.safeParse(profile);
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    const field = issue.path.join('.');
    if (!known.has(field)) {
      problems.push({ field, tab: tabOfField(field), message: numberMessage(field) ?? issue.message });
    }
  }
  return problems.sort((a, b) => profileTabs.indexOf(a.tab) - profileTabs.indexOf(b.tab));
}

function generalProblems(profile: Profile, secrets: SecretsPresent): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const add = (field: string, message: string) => problems.push({ field, tab: 'General', message });
  if (profile.name.trim() === '') {
    add('name', 'Give the connection a name.');
  }
  if (profile.host.trim() === '') {
    add('host', 'Enter the broker’s host name or IP address.');
  } else if (profile.host.includes('://')) {
    add('host', 'Enter the host alone; the protocol is chosen beside it.');
  } else if (/[\s/]/.test(profile.host)) {
    add('host', 'A host name has no spaces or slashes. The path of a WebSocket has a field of its own.');
  }
  if ((profile.protocol === 'ws' || profile.protocol === 'wss') && !profile.path.startsWith('/')) {
    add('path', 'The path starts with “/”; Mosquitto takes any, most others “/mqtt”.');
  }
  const clientId = clientIdProblem(profile);
  if (clientId !== undefined) {
    add('clientId', clientId);
  }
  const signsInByPassword = profile.credentials.kind === 'password';
  if (profile.mqttVersion !== '5.0' && signsInByPassword && secrets.password && profile.username === '') {
    add('username', `MQTT ${profile.mqttVersion} does not allow a password without a user name.`);
  }
  return problems;
}

/** MQTT 3.1 section 3.1 (1 to 23 characters), 3.1.1 section 3.1.3.1 (empty only with clean session). */
function clientIdProblem(profile: Profile): string | undefined {
  const length = [...profile.clientId].length;
  if (profile.mqttVersion === '3.1' && (length < 1 || length > 23)) {
    return `MQTT 3.1 wants 1 to 23 characters, these are ${length}.`;
  }
  if (profile.mqttVersion === '3.1.1' && length === 0 && !profile.clean) {
    return 'Without a client ID the session must be a clean one.';
  }
  return profile.clientId.includes('\0') ? 'The client ID holds a null character.' : undefined;
}

/** What credentials made from keys lack. */
function cloudProblems(profile: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const known = {
    has: (name: SecretName) => secrets.has?.(name) ?? true,
    text: (name: SecretName) => secrets.typed?.(name),
  };
  return credentialProblems(profile, known).map(({ field, message }) => ({
    field,
    tab: field.startsWith('tls.') ? 'Security' : 'General',
    message,
  }));
}

function securityProblems(profile: Profile, secrets: SecretsPresent): readonly ProfileProblem[] {
  const { tls, protocol } = profile;
  if (protocol !== 'mqtts' && protocol !== 'wss') {
    return [];
  }
  const problems = [...tlsProblems(profile, secrets)];
  if (tls.certificate !== undefined && tls.key === undefined) {
    const message = 'The client certificate needs its private key.';
    problems.push({ field: 'tls.key', tab: 'Security', message });
  }
  if (tls.key !== undefined && tls.certificate === undefined) {
    const message = 'The client key needs its certificate.';
    problems.push({ field: 'tls.certificate', tab: 'Security', message });
  }
  return problems;
}

function willProblems({ will, mqttVersion }: Profile): ProfileProblem[] {
  if (!will.enabled) {
    return [];
  }
  const problems: ProfileProblem[] = [];
  const add = (field: string, message: string) => problems.push({ field, tab: 'Last will', message });
  const topic =
    will.topic === ''
      ? 'Enter the topic that the will is sent to.'
      : topicNameProblem(will.topic, mqttVersion);
  if (topic !== undefined) {
    add('will.topic', topic);
  }
  const payload = encodingProblem(() => encodePayload(will.format, will.payload));
  if (payload !== undefined) {
    add('will.payload', payload);
  }
  const correlation = encodingProblem(() => encodePayload('hex', will.correlationDataHex ?? ''));
  if (correlation !== undefined) {
    add('will.correlationDataHex', correlation);
  }
  if (will.responseTopic !== undefined && will.responseTopic !== '') {
    const response = topicNameProblem(will.responseTopic, mqttVersion);
    if (response !== undefined) {
      add('will.responseTopic', response);
    }
  }
  return problems;
}

function birthProblems({ birth, mqttVersion }: Profile): ProfileProblem[] {
  if (!birth.enabled) {
    return [];
  }
  const topic =
    birth.topic === ''
      ? 'Enter the topic that the birth message is published to.'
      : topicNameProblem(birth.topic, mqttVersion);
  const payload = encodingProblem(() => encodePayload(birth.format, birth.payload));
  return [
    ...(topic === undefined ? [] : [{ field: 'birth.topic', tab: 'Last will' as const, message: topic }]),
    ...(payload === undefined
      ? []
      : [{ field: 'birth.payload', tab: 'Last will' as const, message: payload }]),
  ];
}

function encodingProblem(encode: () => unknown): string | undefined {
  try {
    encode();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The tab of the form that has a field. */
export function tabOfField(field: string): ProfileTab {
  if (field.startsWith('tls')) {
    return 'Security';
  }
  if (field.startsWith('will') || field.startsWith('birth')) {
    return 'Last will';
  }
  if (field.startsWith('mqtt5') || field === 'sessionExpiryInterval') {
    return 'MQTT 5';
  }
  if (field.startsWith('subscriptions')) {
    return 'Subscriptions';
  }
  const isAdvanced = /^(keepAlive|connectTimeout|logBudget|reconnect|proxy|socketPath|addressFamily)\b/;
  return isAdvanced.test(field) ? 'Advanced' : 'General';
}

/** What a number field takes, said instead of the schema's own words. */
function numberMessage(field: string): string | undefined {
  const ranges: Readonly<Record<string, string>> = {
    port: 'A port is a whole number from 1 to 65535.',
    keepAlive: 'Keep alive is a whole number of seconds from 0 (off) to 65535.',
    connectTimeout: 'The timeout is a whole number of seconds from 1 to 600.',
    sessionExpiryInterval: 'Session expiry is a whole number of seconds from 0 to 4294967295 (never).',
    'credentials.lifetime':
      'A token lives for a whole number of seconds, from 60 to a year; in Google’s scheme a day.',
    logBudget: 'The message log needs from 1 MB to 64 GB.',
    'reconnect.minDelay': 'The first wait is from 0.1 to 3600 seconds.',
    'reconnect.maxDelay': 'The longest wait is from 0.1 to 3600 seconds.',
    'mqtt5.receiveMaximum': 'Receive maximum is a whole number from 1 to 65535.',
    'mqtt5.maximumPacketSize': 'The largest packet is a whole number of bytes from 1 to 4294967295.',
    'will.delayInterval': 'The delay is a whole number of seconds from 0 to 4294967295.',
    'will.messageExpiryInterval': 'The expiry is a whole number of seconds from 0 to 4294967295.',
  };
  return ranges[field];
}
