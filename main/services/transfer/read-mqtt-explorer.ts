import { defaultPorts } from '#app/profile/defaults.ts';
import type { Attachments } from './attachments.ts';
import { ProfileDraft, type ReadProfile } from './profile-draft.ts';
import { anyMember, flag, isObject, type Json, list, member, number, text } from './values.ts';

/** The connections of MQTT Explorer's `settings.json`, or of the part of it that holds them; `undefined`: it is none. */
export function mqttExplorerConnections(json: Json): readonly Json[] | undefined {
  const stored =
    anyMember(json, 'ConnectionManager_connections') ??
    anyMember(anyMember(json, 'connectionManager'), 'connections') ??
    anyMember(json, 'connectionManager');
  const connections = stored ?? json;
  if (!isObject(connections)) {
    return undefined;
  }
  const values = Object.values(connections);
  const isDictionary = values.length > 0 && values.every((value) => isConnection(value));
  return stored !== undefined || isDictionary ? values : undefined;
}

function isConnection(value: Json): boolean {
  return member(value, 'type') === 'mqtt' && text(member(value, 'host')) !== undefined;
}

/** One connection of MQTT Explorer, `configVersion` 1 and before (where subscriptions were plain texts). */
export function readMqttExplorer(json: Json, attachments: Attachments): ReadProfile {
  const draft = new ProfileDraft(attachments);
  const isEncrypted = flag(member(json, 'encryption')) ?? false;
  const isWebSocket = text(member(json, 'protocol')) === 'ws';
  const protocol = isWebSocket ? (isEncrypted ? 'wss' : 'ws') : isEncrypted ? 'mqtts' : 'mqtt';
  draft.name(text(member(json, 'name')));
  draft.endpoint(protocol, text(member(json, 'host')), number(member(json, 'port')), defaultPorts[protocol]);
  if (isWebSocket) {
    const path = text(member(json, 'basePath')) ?? '';
    draft.set({ path: path.startsWith('/') ? path : `/${path}` }, 'Path');
  }
  const clientId = text(member(json, 'clientId'));
  if (clientId !== undefined && clientId !== '') {
    draft.set({ clientId }, 'Client ID');
  }
  draft.credentials(text(member(json, 'username')), text(member(json, 'password')));
  if (flag(member(json, 'certValidation')) === false) {
    draft.setTls({ verify: false }, 'Verify server certificate');
  }
  embed(draft, 'ca', 'CA certificate', member(json, 'selfSignedCertificate'));
  embed(draft, 'certificate', 'Client certificate', member(json, 'clientCertificate'));
  embed(draft, 'key', 'Client key', member(json, 'clientKey'));
  for (const subscription of list(member(json, 'subscriptions'))) {
    const qos = number(member(subscription, 'qos'));
    draft.subscribe(text(subscription) ?? text(member(subscription, 'topic')), {
      qos: qos === 1 || qos === 2 ? qos : 0,
    });
  }
  return draft.finish();
}

/** `{ name, data }`, the data in Base64. */
function embed(draft: ProfileDraft, slot: 'ca' | 'certificate' | 'key', what: string, value: Json): void {
  if (value === undefined || value === null) {
    return;
  }
  const bytes = Buffer.from(text(member(value, 'data')) ?? '', 'base64');
  const fileName = (text(member(value, 'name')) ?? '').trim().slice(0, 255) || `${slot}.pem`;
  if (bytes.length === 0) {
    draft.skip(`${what} “${fileName}”`, 'The file holds no data for it.');
  } else {
    draft.embed(slot, { fileName, bytes: new Uint8Array(bytes) });
  }
}
