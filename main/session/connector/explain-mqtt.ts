import type { IConnackPacket, IDisconnectPacket } from 'mqtt';
import { formatCode, reasonOf } from '#app/mqtt/reason-codes.ts';
import { parseServerReference } from '#app/mqtt/server-reference.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { formatTarget, type Target } from './explain-network.ts';
import { errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/** Refusals of CONNECT that may be over the next time; any other needs a change. */
const passingRefusals: ReadonlySet<number> = new Set([0x03, 0x80, 0x83, 0x88, 0x89, 0x97, 0x9f]);

/** Reasons of the broker for a DISCONNECT after which coming back would be wrong or in vain. */
const lastingDisconnects: ReadonlySet<number> = new Set([0x87, 0x8c, 0x8e, 0x98, 0x9c, 0x9d]);

/** Server redirection, MQTT 5.0 section 4.11. */
const USE_ANOTHER_SERVER = 0x9c;
const SERVER_MOVED = 0x9d;

/** Short lives in a row after which a twin is suspected, and after which we leave the client ID to it. */
export const SUSPICION = 2;
const TAKEOVER_LOOP = 5;

/** Ends by which a twin may show: without a word of the broker. */
export const silentEnds: ReadonlySet<string> = new Set([
  'connection.closed',
  'connection.reset',
  'connection.short-lived',
  'connection.takeover-loop',
]);

/** A refused CONNECT. */
export function explainConnack(
  packet: Pick<IConnackPacket, 'reasonCode' | 'returnCode' | 'properties'>,
  version: MqttVersion,
): Verdict {
  const code = packet.reasonCode ?? packet.returnCode ?? 0x80;
  const reason = reasonOf(code, 'connack', version);
  return explainReason('connect.refused', 'CONNACK', passingRefusals.has(code), reason, packet.properties);
}

/** A DISCONNECT from the broker (MQTT 5.0 section 3.14). */
export function explainDisconnect(packet: Pick<IDisconnectPacket, 'reasonCode' | 'properties'>): Verdict {
  const code = packet.reasonCode ?? 0;
  const reason = reasonOf(code, 'disconnect');
  const name = code === 0x8e ? 'connection.taken-over' : 'connection.ended-by-broker';
  return explainReason(name, 'DISCONNECT', !lastingDisconnects.has(code), reason, packet.properties);
}

function explainReason(
  name: string,
  packet: string,
  isPassing: boolean,
  reason: ReturnType<typeof reasonOf>,
  properties: { readonly reasonString?: string; readonly serverReference?: string } | undefined,
): Verdict {
  const said = properties?.reasonString === undefined ? '' : ` The broker says: ${properties.reasonString}`;
  const detail = `${packet} ${formatCode(reason.code)} ${reason.name}.${said}`;
  if (reason.code === USE_ANOTHER_SERVER || reason.code === SERVER_MOVED) {
    return explainRedirect(reason, properties?.serverReference ?? '', detail);
  }
  const moved = properties?.serverReference === undefined ? '' : ` It names: ${properties.serverReference}.`;
  const explain = isPassing ? passing : lasting;
  return explain(name, reason.message, `${reason.hint ?? 'Look at the log of the broker.'}${moved}`, detail);
}

/** Server redirection (MQTT 5.0 section 4.11): told, and left to the user, whose password would go to the other server. */
function explainRedirect(reason: ReturnType<typeof reasonOf>, reference: string, detail: string): Verdict {
  if (reference === '') {
    return lasting(
      'connection.redirected',
      reason.message,
      'It does not name the other server: ask who runs the broker.',
      detail,
    );
  }
  const servers = parseServerReference(reference);
  const permanent = reason.code === SERVER_MOVED;
  return {
    ...lasting(
      'connection.redirected',
      `${reason.message} It names: ${reference}.`,
      servers.length === 0
        ? 'Topicscope can’t read a host from that: change the connection by hand.'
        : 'Connect there only if you know that server: it gets the same username and password.',
      detail,
    ),
    redirect: { permanent, reference, servers },
  };
}

/** What is known when a connection ended before the broker answered CONNECT. */
export interface EarlyEnd extends Target {
  readonly mqttVersion: MqttVersion;
  /** What the peer sent first. */
  readonly firstBytes: Uint8Array;
  /** What the socket or the parser said, if anything. */
  readonly error: unknown;
}

/** Why the peer did not answer CONNECT with a CONNACK. */
export function explainEarlyEnd(end: EarlyEnd): Verdict {
  const where = formatTarget(end);
  const [first, second] = end.firstBytes;
  const facts = errorFacts(end.error);
  // A TLS alert (0x15) or handshake (0x16) record of version 3.x, RFC 8446 section 5.1.
  if ((first === 0x15 || first === 0x16) && second === 0x03) {
    return lasting(
      'connect.tls-port',
      `${where} speaks TLS, but the connection is set to do without.`,
      end.protocol === 'ws' ? 'Choose wss instead of ws.' : 'Choose mqtts instead of mqtt.',
      'The broker answered with a TLS record.',
    );
  }
  if (String.fromCharCode(...end.firstBytes.subarray(0, 5)) === 'HTTP/') {
    return lasting(
      'connect.http-port',
      `${where} is a web server or a WebSocket port, not a plain MQTT port.`,
      end.protocol === 'mqtts'
        ? 'Choose wss instead of mqtts, or another port.'
        : 'Choose ws instead of mqtt, or another port.',
      'The answer to CONNECT began with HTTP/.',
    );
  }
  if (first !== undefined && first !== 0x20) {
    return lasting(
      'connect.not-mqtt',
      `${where} does not speak MQTT.`,
      'Something else listens there: check the port.',
      `The answer began with the bytes ${formatBytes(end.firstBytes)}. ${facts.detail}`.trim(),
    );
  }
  if (first === 0x20) {
    return lasting(
      'connect.malformed',
      `The answer of ${where} to CONNECT could not be read.`,
      'Try another MQTT version for this connection.',
      `${formatBytes(end.firstBytes)}. ${facts.detail}`.trim(),
    );
  }
  const version = end.mqttVersion === '3.1.1' ? '' : ` It may not speak MQTT ${end.mqttVersion}: try 3.1.1.`;
  const tls = end.protocol === 'mqtt' ? ' The port may want TLS: then choose mqtts.' : '';
  return passing(
    'connect.closed',
    `${where} closed the connection without answering CONNECT.`,
    `${tls}${version} It may also refuse the client ID or the credentials without a word.`.trim(),
    facts.detail,
  );
}

/** What is known when a connection that was up is gone. */
export interface Loss extends Target {
  readonly disconnect: Pick<IDisconnectPacket, 'reasonCode' | 'properties'> | undefined;
  /** What the socket, the parser or the client said, if anything. */
  readonly error: unknown;
  /** Seconds. */
  readonly keepAlive: number;
  /** Times in a row that the connection ended a few seconds after it came up. */
  readonly shortLives: number;
  /** A SUBSCRIBE or a PUBLISH was not yet answered. */
  readonly waitingFor: 'subscribe' | 'publish' | undefined;
}

/** Why a connection that was up ended. */
export function explainLoss(loss: Loss): Verdict {
  const where = formatTarget(loss);
  const facts = errorFacts(loss.error);
  if (loss.disconnect !== undefined) {
    return explainDisconnect(loss.disconnect);
  }
  if (facts.text.includes('keepalive timeout')) {
    return passing(
      'connection.keep-alive',
      `${where} did not answer for ${Math.ceil(loss.keepAlive * 1.5)} s.`,
      'The network was interrupted or the broker hangs. Keep alive in the connection sets how soon this is noticed.',
      'No PINGRESP.',
    );
  }
  if (facts.code === 'ECONNRESET' || facts.code === 'EPIPE' || facts.code === 'ECONNABORTED') {
    return closedByBroker(loss, 'connection.reset', `The connection to ${where} was reset.`, facts.detail);
  }
  if (facts.code === 'ETIMEDOUT' || facts.code === 'EHOSTUNREACH' || facts.code === 'ENETUNREACH') {
    return passing(
      'connection.network',
      `The network to ${where} is interrupted.`,
      'Check the network of this computer.',
      facts.detail,
    );
  }
  if (facts.message !== '') {
    return passing(
      'connection.protocol',
      `${where} sent something that MQTT does not allow, so the connection was closed.`,
      'The detail names it. Another MQTT version may help.',
      facts.detail,
    );
  }
  return closedByBroker(loss, 'connection.closed', `${where} closed the connection.`);
}

/** The machine slept or changed its network, and the connection from before is dead. */
export function explainDeadAfterWake(target: Target): Verdict {
  return passing(
    'connection.woken',
    `The connection to ${formatTarget(target)} did not survive the sleep or the change of network.`,
    'Topicscope connects again at once.',
    'No PINGRESP.',
  );
}

function closedByBroker(loss: Loss, code: string, message: string, detail?: string): Verdict {
  if (loss.waitingFor !== undefined) {
    return passing(
      code,
      message,
      loss.waitingFor === 'subscribe'
        ? 'It did so instead of answering a subscription: this user may not be allowed to use one of the topic filters.'
        : 'It did so instead of acknowledging a message: this user may not be allowed to publish to that topic.',
      detail,
    );
  }
  if (loss.shortLives >= SUSPICION) {
    const times = `${formatTarget(loss)} closed the connection ${loss.shortLives} times soon after it was up.`;
    const twin = 'Probably another client uses the same client ID, and each throws the other out';
    const remedy = 'give this connection an ID of its own';
    return loss.shortLives >= TAKEOVER_LOOP
      ? lasting(
          'connection.takeover-loop',
          times,
          `${twin}. Topicscope stopped, so that the other one can go on: ${remedy}, or stop the other client.`,
          detail,
        )
      : passing('connection.short-lived', times, `${twin}: ${remedy}.`, detail);
  }
  return passing(code, message, 'It may have been restarted, or the network was interrupted.', detail);
}

function formatBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
