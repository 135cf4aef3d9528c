import { formatQuantity } from '#app/base/format.ts';
import type { Attachments } from './attachments.ts';
import { nearestColor } from './nearest-color.ts';
import { ProfileDraft, type ReadProfile } from './profile-draft.ts';
import { parseServerUri, setEndpoint } from './server-uri.ts';
import { flag, number } from './values.ts';
import { childOf, childrenOf, childText, type XmlElement } from './xml-tree.ts';

/** The profiles of `mqttfx-config.xml`, or of an export of profiles; `undefined`: it is none. */
export function mqttFxProfiles(root: XmlElement): readonly XmlElement[] | undefined {
  if (root.name === 'connectionProfile') {
    return [root];
  }
  const holder = root.name === 'connectionProfiles' ? root : childOf(root, 'connectionProfiles');
  return holder === undefined ? undefined : childrenOf(holder, 'connectionProfile');
}

/** Entries of a profile's options by their path in lower case: `clientid`, `proxy.host`. */
type Options = Map<string, string>;

/** Deeper entries are no options of a connection. */
const MAX_LEVELS = 4;

/**
 * One profile of MQTT.fx 1.x. Its format was never written down, and entries differ from release to release: known
 * ones are found by several names, and all others are named in the report.
 */
export function readMqttFx(element: XmlElement, attachments: Attachments): ReadProfile {
  const draft = new ProfileDraft(attachments);
  const options: Options = new Map();
  flatten(childOf(element, 'connectionOptions'), '', options, 0);
  const uri = parseServerUri(childText(element, 'brokerAddress') ?? '');
  const port = number(childText(element, 'brokerPort')) ?? uri.port;
  const ca = take(options, /(^|\.)ca(certificate)?file(name|path)?$/);
  const certificate = take(options, /(^|\.)client(certificate|cert)file(name|path)?$/);
  const key = take(options, /(^|\.)clientkeyfile(name|path)?$/);
  const named = take(options, /(^|\.)(use|enable|is)?(ssl|tls)(\.)?(enabled?|active|on|used)?$/);
  const hasTls = flag(named) ?? (ca !== undefined || certificate !== undefined || port === 8883);
  draft.name(childText(element, 'profileName'));
  setEndpoint(draft, port === undefined ? uri : { ...uri, port }, { hasTls, isWebSocket: false });
  if (hasTls && flag(named) === undefined) {
    draft.warn('The file does not say whether TLS is on. It is, as the port or a certificate speak for it.');
  }
  readSession(draft, options);
  if (draft.usesTls) {
    draft.reference('ca', ca);
    draft.reference('certificate', certificate);
    draft.reference('key', key);
    draft.passphrase(take(options, /(^|\.)clientkey(file)?password$/));
  }
  readWill(draft, options);
  readProxy(draft, options);
  readTopics(draft, element);
  const rest = [...options].filter(([, value]) => value !== '' && value !== 'false' && value !== '0');
  if (rest.length > 0) {
    draft.skip(
      rest.map(([path]) => path).join(', '),
      'These entries of MQTT.fx are not known here, or have no equal.',
    );
  }
  return draft.finish();
}

function flatten(element: XmlElement | undefined, path: string, options: Options, level: number): void {
  for (const child of element?.children ?? []) {
    const inner = path === '' ? child.name.toLowerCase() : `${path}.${child.name.toLowerCase()}`;
    if (child.children.length === 0) {
      options.set(inner, child.text);
    } else if (level < MAX_LEVELS) {
      flatten(child, inner, options, level + 1);
    }
  }
}

/** The value of the first entry whose path fits; it is no longer one of the rest. Empty ones count as missing. */
function take(options: Options, pattern: RegExp): string | undefined {
  for (const [path, value] of options) {
    if (pattern.test(path)) {
      options.delete(path);
      return value === '' ? undefined : value;
    }
  }
  return undefined;
}

function readSession(draft: ProfileDraft, options: Options): void {
  const clientId = take(options, /(^|\.)clientid$/);
  if (clientId !== undefined) {
    draft.set({ clientId }, 'Client ID');
  }
  draft.credentials(
    take(options, /^(.*credentials?\.)?user(name)?$/),
    take(options, /^(.*credentials?\.)?password$/),
  );
  const version = (take(options, /(^|\.)mqttversion$/) ?? '').toLowerCase();
  if (/^(mqtt)?_?v?(5|5[._]0)$/.test(version)) {
    draft.set({ mqttVersion: '5.0' }, 'MQTT version');
  } else if (/^(mqtt)?_?v?(3[._]1|3)$/.test(version)) {
    draft.set({ mqttVersion: '3.1' }, 'MQTT version');
  } else if (version !== '') {
    draft.take('MQTT version');
  }
  draft.whole(
    'Connect timeout',
    number(take(options, /(^|\.)connectiontimeout$/)),
    1,
    600,
    (connectTimeout) => draft.set({ connectTimeout }, 'Connect timeout'),
  );
  draft.whole('Keep alive', number(take(options, /(^|\.)keepalive(interval)?$/)), 0, 65_535, (keepAlive) =>
    draft.set({ keepAlive }, 'Keep alive'),
  );
  const clean = flag(take(options, /(^|\.)clean(session|start)$/));
  if (clean !== undefined) {
    draft.set({ clean }, 'Clean session');
  }
  const reconnect = flag(take(options, /(^|\.)(auto(matic)?)reconnect$/));
  if (reconnect !== undefined) {
    draft.set({ reconnect: { ...draft.profile.reconnect, enabled: reconnect } }, 'Reconnect');
  }
}

function readWill(draft: ProfileDraft, options: Options): void {
  const prefix = '(^|\\.)(last)?(will|lwt)(andtestament)?\\.?(and)?';
  const topic = take(options, new RegExp(`${prefix}topic$`));
  const payload = take(options, new RegExp(`${prefix}(message|payload)$`));
  const qos = number(take(options, new RegExp(`${prefix}qos$`)));
  const retain = flag(take(options, new RegExp(`${prefix}retain(ed)?$`)));
  if (topic !== undefined) {
    draft.setWill({
      enabled: true,
      topic,
      payload: payload ?? '',
      qos: qos === 1 || qos === 2 ? qos : 0,
      retain: retain ?? false,
    });
    draft.take('Last will');
  }
}

function readProxy(draft: ProfileDraft, options: Options): void {
  const isUsed = flag(take(options, /(^|\.)(use(http)?proxy|proxy\.?(enabled|used?|active))$/));
  const host = take(options, /proxy\.?(host|address)(name)?$/);
  const port = number(take(options, /proxy\.?port$/));
  const username = take(options, /proxy\.?user(name)?$/) ?? '';
  const password = take(options, /proxy\.?password$/);
  if (host === undefined || isUsed === false) {
    return;
  }
  draft.set({ proxy: { kind: 'http', host, port: 8080, username } }, 'HTTP proxy');
  draft.whole('Port of the proxy', port, 1, 65_535, (value) =>
    draft.set({ proxy: { kind: 'http', host, port: value, username } }),
  );
  if (password !== undefined) {
    draft.secret('proxyPassword', password, 'Password of the proxy');
  }
}

/** MQTT.fx keeps the topics that were used, not subscriptions that it makes by itself. */
function readTopics(draft: ProfileDraft, element: XmlElement): void {
  for (const topic of childrenOf(childOf(element, 'recentSubscriptionTopics'), 'topic')) {
    const qos = number(childText(topic, 'qos'));
    draft.subscribe(childText(topic, 'name') ?? topic.text, {
      qos: qos === 1 || qos === 2 ? qos : 0,
      color: nearestColor(childText(topic, 'color')) ?? 'blue',
      enabled: false,
    });
  }
  if (draft.profile.subscriptions.length > 0) {
    draft.warn('Its recent topics became subscriptions that are switched off.');
  }
  const published = childrenOf(childOf(element, 'recentPublishTopics'), 'topic').length;
  if (published > 0) {
    draft.skip(
      formatQuantity(published, 'recent publish topic'),
      'Topics to publish to are not kept in a connection.',
    );
  }
  const messages = childrenOf(childOf(element, 'preDefinedMessages'), 'message').length;
  if (messages > 0) {
    draft.skip(
      formatQuantity(messages, 'predefined message'),
      'Only connections are imported, no messages to publish.',
    );
  }
}
