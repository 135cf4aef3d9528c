import { formatQuantity } from '#app/base/format.ts';
import type { Attachments } from './attachments.ts';
import { ProfileDraft, type ReadProfile } from './profile-draft.ts';
import { parseServerUri, setEndpoint } from './server-uri.ts';
import { flag, number } from './values.ts';
import { childOf, childrenOf, childText, type XmlElement } from './xml-tree.ts';

/** Levels of groups, after which a file is taken for broken: a group may name itself as its subgroup. */
const MAX_LEVELS = 20;

/** A connection with the path of its groups. */
export interface MqttSpyConnection {
  readonly element: XmlElement;
  readonly group: string;
}

/** The connections of `mqtt-spy-configuration.xml`; `undefined`: it is none. */
export function mqttSpyConnections(root: XmlElement): readonly MqttSpyConnection[] | undefined {
  if (root.name !== 'MqttSpyConfiguration') {
    return undefined;
  }
  const groups = groupsOf(root);
  const connectivity = childOf(root, 'Connectivity');
  const elements = [...childrenOf(connectivity, 'ConnectionV2'), ...childrenOf(connectivity, 'Connection')];
  return elements.map((element) => ({ element, group: groups.get(childText(element, 'ID') ?? '') ?? '' }));
}

/** Path of the group by id of the connection. The outermost group, which only holds all others, is left out. */
function groupsOf(root: XmlElement): ReadonlyMap<string, string> {
  const groups = childrenOf(root, 'ConnectionGroups');
  const parents = new Map<string, XmlElement>();
  for (const group of groups) {
    for (const subgroup of childrenOf(group, 'Subgroups')) {
      const id = childText(subgroup, 'Reference');
      if (id !== undefined) {
        parents.set(id, group);
      }
    }
  }
  const paths = new Map<string, string>();
  for (const group of groups) {
    const names: string[] = [];
    let next: XmlElement | undefined = group;
    for (let level = 0; next !== undefined && level < MAX_LEVELS; level += 1) {
      const parent: XmlElement | undefined = parents.get(childText(next, 'ID') ?? '');
      if (parent !== undefined) {
        names.unshift((childText(next, 'Name') ?? '').replaceAll('/', ' '));
      }
      next = parent;
    }
    for (const connection of childrenOf(group, 'Connections')) {
      paths.set(childText(connection, 'Reference') ?? '', names.join('/'));
    }
  }
  return paths;
}

/** One connection of mqtt-spy. */
export function readMqttSpy({ element, group }: MqttSpyConnection, attachments: Attachments): ReadProfile {
  const draft = new ProfileDraft(attachments);
  const tls = childOf(element, 'SSL');
  const mode = childText(tls, 'Mode') ?? 'DISABLED';
  const [uri = '', ...others] = childrenOf(element, 'ServerURI').map(({ text }) => text);
  draft.name(childText(element, 'Name'), group);
  setEndpoint(draft, parseServerUri(uri), {
    hasTls: mode !== 'DISABLED',
    isWebSocket: flag(childText(element, 'WebSocket')) === true,
  });
  for (const other of others) {
    draft.skip(`Server ${other}`, 'A connection has one server: the first one is taken.');
  }
  const clientId = childText(element, 'ClientID');
  if (clientId !== undefined) {
    draft.set({ clientId }, 'Client ID');
  }
  if (childText(element, 'Protocol') === 'MQTT 3.1') {
    draft.set({ mqttVersion: '3.1' }, 'MQTT version');
  }
  readSignIn(draft, element);
  draft.whole('Keep alive', number(childText(element, 'KeepAliveInterval')), 0, 65_535, (keepAlive) =>
    draft.set({ keepAlive }, 'Keep alive'),
  );
  draft.whole('Connect timeout', number(childText(element, 'ConnectionTimeout')), 1, 600, (connectTimeout) =>
    draft.set({ connectTimeout }, 'Connect timeout'),
  );
  const clean = flag(childText(element, 'CleanSession'));
  if (clean !== undefined) {
    draft.set({ clean }, 'Clean session');
  }
  if (tls !== undefined) {
    readTls(draft, tls, mode);
  }
  readReconnect(draft, childOf(element, 'ReconnectionSettings'));
  readWill(draft, childOf(element, 'LastWillAndTestament'));
  readSubscriptions(draft, element);
  nameTheRest(draft, element);
  return draft.finish();
}

function readSignIn(draft: ProfileDraft, element: XmlElement): void {
  const credentials = childOf(element, 'UserCredentials');
  const password = childText(credentials, 'Password');
  // mqtt-spy writes passwords in Base64.
  const decoded = password === undefined ? undefined : Buffer.from(password, 'base64').toString('utf8');
  draft.credentials(childText(credentials, 'Username'), decoded);
  const asks = childOf(element, 'UserAuthentication');
  const isAsked =
    flag(childText(asks, 'AskForUsername')) === true || flag(childText(asks, 'AskForPassword')) === true;
  if (isAsked) {
    draft.set({ askCredentials: true }, 'Ask for credentials');
  }
  if (flag(childText(element, 'AutoConnect')) === true) {
    draft.set({ autoConnect: true }, 'Connect at start');
  }
}

function readTls(draft: ProfileDraft, tls: XmlElement, mode: string): void {
  if (mode === 'DISABLED') {
    return;
  }
  draft.reference('ca', childText(tls, 'CertificateAuthorityFile'));
  draft.reference('certificate', childText(tls, 'ClientCertificateFile'));
  draft.reference('key', childText(tls, 'ClientKeyFile'));
  draft.passphrase(childText(tls, 'ClientKeyPassword'));
  for (const store of ['ServerKeyStoreFile', 'ClientKeyStoreFile']) {
    const path = childText(tls, store);
    if (path !== undefined) {
      draft.skip(`Key store ${path}`, 'Java key stores are not read. Export its certificates as PEM files.');
    }
  }
  if (childrenOf(tls, 'Property').length > 0) {
    draft.skip('TLS properties', 'They are names of Java’s TLS, which have no equal here.');
  }
  const protocol = childText(tls, 'Protocol');
  if (protocol === 'TLSv1' || protocol === 'TLSv1.1' || protocol === 'TLSv1.2' || protocol === 'TLSv1.3') {
    draft.skip(`TLS protocol ${protocol}`, 'The newest version that both sides speak is used.');
  }
}

function readReconnect(draft: ProfileDraft, settings: XmlElement | undefined): void {
  const interval = number(childText(settings, 'RetryInterval'));
  const { reconnect } = draft.profile;
  if (settings === undefined) {
    draft.set({ reconnect: { ...reconnect, enabled: false } }, 'Reconnect');
  } else if (interval !== undefined && interval >= 100 && interval <= 3_600_000) {
    const minDelay = interval / 1000;
    draft.set(
      { reconnect: { enabled: true, minDelay, maxDelay: Math.max(minDelay, reconnect.maxDelay) } },
      'Reconnect',
    );
  }
}

function readWill(draft: ProfileDraft, will: XmlElement | undefined): void {
  const topic = will?.attributes.get('topic') ?? '';
  if (will === undefined || topic === '') {
    return;
  }
  const qos = number(will.attributes.get('qos'));
  draft.setWill({
    enabled: true,
    topic,
    payload: will.text,
    qos: qos === 1 || qos === 2 ? qos : 0,
    retain: flag(will.attributes.get('retained')) ?? false,
  });
  draft.take('Last will');
}

function readSubscriptions(draft: ProfileDraft, element: XmlElement): void {
  const isAutomatic = flag(childText(element, 'AutoSubscribe')) ?? false;
  const subscriptions = childrenOf(element, 'Subscription');
  for (const { attributes } of subscriptions) {
    const qos = number(attributes.get('qos'));
    draft.subscribe(attributes.get('topic'), {
      qos: qos === 1 || qos === 2 ? qos : 0,
      enabled: isAutomatic,
    });
    if (attributes.has('scriptFile')) {
      draft.skip('Scripts of subscriptions', 'Topicscope runs no scripts of mqtt-spy.');
    }
  }
  if (!isAutomatic && draft.profile.subscriptions.length > 0) {
    draft.warn('Its subscriptions are switched off, as mqtt-spy did not subscribe by itself.');
  }
}

/** What mqtt-spy has beyond a connection. */
function nameTheRest(draft: ProfileDraft, element: XmlElement): void {
  const publications = childrenOf(element, 'Publication').length;
  if (publications > 0) {
    draft.skip(
      formatQuantity(publications, 'publication topic'),
      'Topics to publish to are not kept in a connection.',
    );
  }
  const scripts = ['PublicationScripts', 'SearchScripts', 'BackgroundScript'];
  if (scripts.some((name) => childOf(element, name) !== undefined)) {
    draft.skip('Scripts', 'Topicscope runs no scripts of mqtt-spy.');
  }
  const own = ['Formatter', 'MinMessagesStoredPerTopic', 'MaxMessagesStored', 'MessageLog'];
  const found = own.filter((name) => childText(element, name) !== undefined);
  if (found.length > 0) {
    draft.skip(found.join(', '), 'They are mqtt-spy’s own way to show and keep messages.');
  }
}
