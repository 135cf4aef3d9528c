import { formatQuantity } from '#app/base/format.ts';
import { defaultPorts } from '#app/profile/defaults.ts';
import { authenticationMethods, type Protocol, protocols, type UserProperty } from '#app/profile/profile.ts';
import type { Attachments } from './attachments.ts';
import { nearestColor } from './nearest-color.ts';
import { ProfileDraft, type ReadProfile } from './profile-draft.ts';
import { anyMember, flag, isObject, type Json, list, member, number, text } from './values.ts';

/** Levels of folders, after which a file is taken for broken: a folder may name itself as its parent. */
const MAX_LEVELS = 20;

/** A connection with the path of its folders. */
export interface MqttxConnection {
  readonly json: Json;
  readonly group: string;
}

/** The connections of MQTTX's JSON export (one of them, or a list with folders); `undefined`: it is none. */
export function mqttxConnections(json: Json): readonly MqttxConnection[] | undefined {
  const records = Array.isArray(json) ? json : isObject(json) ? [json] : [];
  const found: MqttxConnection[] = [];
  const folders = new Map<string, Json>();
  for (const record of records) {
    const id = text(member(record, 'id'));
    if (flag(member(record, 'isCollection')) === true && id !== undefined) {
      folders.set(id, record);
    }
  }
  const visit = (record: Json, group: readonly string[], level: number) => {
    if (flag(member(record, 'isCollection')) === true) {
      const inner = [...group, text(member(record, 'name')) ?? ''];
      for (const child of level < MAX_LEVELS ? list(member(record, 'children')) : []) {
        visit(child, inner, level + 1);
      }
    } else if (isConnection(record)) {
      const path = group.length > 0 ? group : folderPath(folders, text(member(record, 'parentId')));
      found.push({ json: record, group: path.map((name) => name.replaceAll('/', ' ')).join('/') });
    }
  };
  for (const record of records) {
    visit(record, [], 0);
  }
  return found.length > 0 || folders.size > 0 ? found : undefined;
}

function isConnection(record: Json): boolean {
  return (
    text(member(record, 'host')) !== undefined &&
    text(member(record, 'clientId')) !== undefined &&
    number(member(record, 'port')) !== undefined
  );
}

function folderPath(folders: ReadonlyMap<string, Json>, parentId: string | undefined): readonly string[] {
  const names: string[] = [];
  let next = parentId;
  for (let level = 0; next !== undefined && level < MAX_LEVELS; level += 1) {
    const folder = folders.get(next);
    if (folder === undefined) {
      break;
    }
    names.unshift(text(member(folder, 'name')) ?? '');
    next = text(member(folder, 'parentId'));
  }
  return names;
}

/** One connection of MQTTX: today's shape, and the older ones without `protocol` or with the MQTT 5 fields on top. */
export function readMqttx({ json, group }: MqttxConnection, attachments: Attachments): ReadProfile {
  const draft = new ProfileDraft(attachments);
  readEndpoint(draft, json, group);
  const clientId = text(member(json, 'clientId')) ?? '';
  draft.set({ clientId }, 'Client ID');
  if (flag(member(json, 'clientIdWithTime')) === true) {
    draft.skip('Time stamp in the client ID', 'The client ID is taken as it is, without the time added.');
  }
  draft.credentials(text(member(json, 'username')), text(member(json, 'password')));
  const version = text(member(json, 'mqttVersion'));
  if (version === '5.0' || version === '3.1.1' || version === '3.1') {
    draft.set({ mqttVersion: version }, 'MQTT version');
  }
  draft.whole('Keep alive', number(member(json, 'keepalive')), 0, 65_535, (keepAlive) =>
    draft.set({ keepAlive }, 'Keep alive'),
  );
  // Old releases counted milliseconds.
  const timeout = number(member(json, 'connectTimeout'));
  const seconds = timeout !== undefined && timeout > 600 ? Math.ceil(timeout / 1000) : timeout;
  draft.whole('Connect timeout', seconds, 1, 600, (connectTimeout) =>
    draft.set({ connectTimeout }, 'Connect timeout'),
  );
  const clean = flag(member(json, 'clean'));
  if (clean !== undefined) {
    draft.set({ clean }, 'Clean session');
  }
  const reconnect = flag(member(json, 'reconnect'));
  if (reconnect !== undefined) {
    draft.set({ reconnect: { ...draft.profile.reconnect, enabled: reconnect } }, 'Reconnect');
  }
  readTls(draft, json);
  readProperties(draft, json);
  readWill(draft, member(json, 'will'));
  readSubscriptions(draft, member(json, 'subscriptions'));
  const messages = list(member(json, 'messages')).length;
  if (messages > 0) {
    draft.skip(formatQuantity(messages, 'message'), 'Only connections are imported, no recorded messages.');
  }
  return draft.finish();
}

function readEndpoint(draft: ProfileDraft, json: Json, group: string): void {
  const stored = text(member(json, 'protocol')) ?? 'mqtt';
  const named = isProtocol(stored) ? stored : 'mqtt';
  if (named !== stored) {
    draft.skip(`Protocol ${stored}`, 'It is none that Topicscope speaks; mqtt is used.');
  }
  const hasTls = flag(member(json, 'ssl')) === true;
  const protocol = hasTls && (named === 'mqtt' || named === 'ws') ? (`${named}s` as const) : named;
  draft.name(text(member(json, 'name')), group);
  draft.endpoint(protocol, text(member(json, 'host')), number(member(json, 'port')), defaultPorts[protocol]);
  if (protocol === 'ws' || protocol === 'wss') {
    const path = text(member(json, 'path')) ?? '';
    draft.set({ path: path.startsWith('/') ? path : `/${path}` }, 'Path');
  }
}

function isProtocol(name: string): name is Protocol {
  return (protocols as readonly string[]).includes(name);
}

function readTls(draft: ProfileDraft, json: Json): void {
  if (!draft.usesTls) {
    return;
  }
  if (flag(member(json, 'rejectUnauthorized')) === false) {
    draft.setTls({ verify: false }, 'Verify server certificate');
  }
  const alpn = anyMember(json, 'ALPNProtocols', 'alpnProtocols', 'alpn');
  const protocolNames = (Array.isArray(alpn) ? alpn : (text(alpn) ?? '').split(','))
    .map((name) => text(name)?.trim() ?? '')
    .filter((name) => name !== '' && name.length <= 255)
    .slice(0, 16);
  if (protocolNames.length > 0) {
    draft.setTls({ alpn: protocolNames }, 'ALPN');
  }
  // `server`: signed by a known CA, whatever paths are left in the fields below.
  if (text(member(json, 'certType')) !== 'server') {
    draft.reference('ca', text(member(json, 'ca')));
    draft.reference('certificate', text(member(json, 'cert')));
    draft.reference('key', text(member(json, 'key')));
  }
}

/** CONNECT properties: in `properties`, in older files beside the other fields. */
function readProperties(draft: ProfileDraft, json: Json): void {
  if (draft.profile.mqttVersion !== '5.0') {
    return;
  }
  const property = (name: string) => anyMember(member(json, 'properties'), name) ?? anyMember(json, name);
  draft.whole('Session expiry', number(property('sessionExpiryInterval')), 0, 0xffff_ffff, (value) =>
    draft.set({ sessionExpiryInterval: value }, 'Session expiry'),
  );
  draft.whole('Receive maximum', number(property('receiveMaximum')), 1, 65_535, (receiveMaximum) =>
    draft.setMqtt5({ receiveMaximum }, 'Receive maximum'),
  );
  draft.whole('Maximum packet size', number(property('maximumPacketSize')), 1, 0xffff_ffff, (value) =>
    draft.setMqtt5({ maximumPacketSize: value }, 'Maximum packet size'),
  );
  for (const name of ['requestResponseInformation', 'requestProblemInformation'] as const) {
    const value = flag(property(name));
    if (value !== undefined) {
      draft.setMqtt5({ [name]: value }, 'Request information');
    }
  }
  const userProperties = readUserProperties(property('userProperties'));
  if (userProperties.length > 0) {
    draft.setMqtt5({ userProperties }, 'User properties');
  }
  const aliases = number(property('topicAliasMaximum'));
  if (aliases !== undefined && aliases > 0) {
    draft.skip('Topic alias maximum', 'Topicscope never uses topic aliases: they can lose topics.');
  }
  const method = text(property('authenticationMethod')) ?? '';
  const known = authenticationMethods.find((name) => name === method);
  if (known !== undefined) {
    draft.setMqtt5({ authenticationMethod: known }, 'Authentication method');
  } else if (method !== '') {
    draft.skip(`Authentication method ${method}`, 'Only SCRAM is supported.');
  }
}

function readWill(draft: ProfileDraft, will: Json): void {
  const topic = text(member(will, 'lastWillTopic')) ?? '';
  if (topic === '') {
    return;
  }
  const qos = number(member(will, 'lastWillQos'));
  draft.setWill({
    enabled: true,
    topic,
    payload: text(member(will, 'lastWillPayload')) ?? '',
    qos: qos === 1 || qos === 2 ? qos : 0,
    retain: flag(member(will, 'lastWillRetain')) ?? false,
  });
  draft.take('Last will');
  const properties = member(will, 'properties');
  draft.whole('Will delay', number(member(properties, 'willDelayInterval')), 0, 0xffff_ffff, (value) =>
    draft.setWill({ delayInterval: value }),
  );
  draft.whole('Will expiry', number(member(properties, 'messageExpiryInterval')), 0, 0xffff_ffff, (value) =>
    draft.setWill({ messageExpiryInterval: value }),
  );
  const isText = flag(member(properties, 'payloadFormatIndicator'));
  const contentType = text(member(properties, 'contentType')) ?? '';
  const responseTopic = text(member(properties, 'responseTopic')) ?? '';
  const correlation = text(member(properties, 'correlationData')) ?? '';
  const userProperties = readUserProperties(member(properties, 'userProperties'));
  draft.setWill({
    ...(isText === undefined ? {} : { payloadIsUtf8: isText }),
    ...(contentType === '' ? {} : { contentType }),
    ...(responseTopic === '' ? {} : { responseTopic }),
    ...(correlation === '' ? {} : { correlationDataHex: Buffer.from(correlation).toString('hex') }),
    ...(userProperties.length === 0 ? {} : { userProperties }),
  });
}

/** An object of texts or lists of texts, or the same as JSON text. */
function readUserProperties(stored: Json): UserProperty[] {
  const value = typeof stored === 'string' ? parsed(stored) : stored;
  const properties: UserProperty[] = [];
  for (const [key, member] of isObject(value) ? Object.entries(value) : []) {
    for (const one of Array.isArray(member) ? member : [member]) {
      const found = text(one);
      if (found !== undefined && properties.length < 1000) {
        properties.push({ key, value: found });
      }
    }
  }
  return properties;
}

function parsed(stored: string): Json {
  try {
    return JSON.parse(stored);
  } catch {
    // A property that is no JSON has no names and values to take.
    return undefined;
  }
}

function readSubscriptions(draft: ProfileDraft, stored: Json): void {
  for (const subscription of list(stored)) {
    const qos = number(member(subscription, 'qos'));
    const handling = number(member(subscription, 'rh'));
    const topics = member(subscription, 'topic');
    const filters = Array.isArray(topics) ? topics.map(text) : (text(topics) ?? '').split(',');
    for (const filter of filters) {
      draft.subscribe(filter, {
        qos: qos === 1 || qos === 2 ? qos : 0,
        noLocal: flag(member(subscription, 'nl')) ?? false,
        retainAsPublished: flag(member(subscription, 'rap')) ?? true,
        retainHandling: handling === 1 || handling === 2 ? handling : 0,
        color: nearestColor(text(member(subscription, 'color'))) ?? 'blue',
        enabled: flag(member(subscription, 'disabled')) !== true,
      });
    }
    if (text(member(subscription, 'alias')) !== undefined && text(member(subscription, 'alias')) !== '') {
      draft.skip('Names of subscriptions', 'Subscriptions are shown by their topic filter.');
    }
  }
}
