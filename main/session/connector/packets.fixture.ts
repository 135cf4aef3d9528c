import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { AuthenticationMethod } from '#app/profile/profile.ts';

/** Identifiers of properties that the tests use (MQTT 5.0 section 2.2.2.2). */
export const propertyId = {
  sessionExpiryInterval: 0x11,
  assignedClientId: 0x12,
  serverKeepAlive: 0x13,
  authenticationMethod: 0x15,
  authenticationData: 0x16,
  serverReference: 0x1c,
  reasonString: 0x1f,
  receiveMaximum: 0x21,
  topicAliasMaximum: 0x22,
  maximumQos: 0x24,
  retainAvailable: 0x25,
  maximumPacketSize: 0x27,
  wildcardAvailable: 0x28,
  subscriptionIdsAvailable: 0x29,
  sharedAvailable: 0x2a,
} as const;

/** A property with a string or binary data. */
export function dataProperty(id: number, data: string | Uint8Array): number[] {
  const bytes = Buffer.from(data);
  return [id, bytes.length >> 8, bytes.length & 255, ...bytes];
}

/** A property with a number of so many bytes. */
export function numberProperty(id: number, value: number, size: 1 | 2 | 4): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return [id, ...bytes.subarray(4 - size)];
}

/** A packet from the part after its fixed header. */
export function packetOf(firstByte: number, body: readonly number[]): number[] {
  return [firstByte, ...variableInteger(body.length), ...body];
}

export function connack(
  reasonCode: number,
  properties: readonly number[] = [],
  sessionPresent = false,
): number[] {
  return packetOf(0x20, [
    sessionPresent ? 1 : 0,
    reasonCode,
    ...variableInteger(properties.length),
    ...properties,
  ]);
}

/** AUTH and DISCONNECT have the same body. */
export function reasonPacket(
  firstByte: 0xf0 | 0xe0,
  reasonCode: number,
  properties: readonly number[],
): number[] {
  return packetOf(firstByte, [reasonCode, ...variableInteger(properties.length), ...properties]);
}

function variableInteger(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...variableInteger(value >> 7)];
}

const digests: Readonly<Record<AuthenticationMethod, string>> = {
  'SCRAM-SHA-1': 'sha1',
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-512': 'sha512',
};

/** The server's side of SCRAM for one user (RFC 5802 section 3), written apart from the client's. */
export function scramServer(method: AuthenticationMethod, username: string, password: string) {
  const digest = digests[method];
  const hmac = (key: Uint8Array, text: string) => createHmac(digest, key).update(text).digest();
  const salt = Buffer.from('0123456789abcdef');
  const salted = pbkdf2Sync(password, salt, 4096, createHash(digest).digest().length, digest);
  const storedKey = createHash(digest).update(hmac(salted, 'Client Key')).digest();
  let messages = '';
  return {
    /** Undefined: another user. */
    first(clientFirst: string): string | undefined {
      const bare = clientFirst.replace(/^n,,/, '');
      const [, name, nonce] = /^n=([^,]*),r=([^,]*)$/.exec(bare) ?? [];
      const answer = `r=${nonce}+server,s=${salt.toString('base64')},i=4096`;
      messages = `${bare},${answer}`;
      return name === username ? answer : undefined;
    },
    /** Undefined: a wrong proof. */
    final(clientFinal: string): string | undefined {
      const [withoutProof = '', proof = ''] = clientFinal.split(',p=');
      const message = `${messages},${withoutProof}`;
      const signature = hmac(storedKey, message);
      const clientKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
      const isRight = createHash(digest).update(clientKey).digest().equals(storedKey);
      return isRight ? `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}` : undefined;
    },
  };
}

/** The part of a script for `e2e/support/scripted-broker.ts` that answers packets. */
interface PacketScript {
  onPacket(
    packet: { readonly type: number; readonly body: Buffer },
    connection: { send(...bytes: readonly number[]): void },
  ): void;
}

/** A broker that lets in one user by SCRAM. `lastMessage` is for brokers that pose: it changes what CONNACK brings. */
export function scramScript(
  method: AuthenticationMethod,
  lastMessage: (right: string) => string = (right) => right,
): PacketScript {
  const server = scramServer(method, 'joe', 'pencil');
  const { authenticationMethod, authenticationData } = propertyId;
  const properties = (data: string) => [
    ...dataProperty(authenticationMethod, method),
    ...dataProperty(authenticationData, data),
  ];
  return {
    onPacket({ type, body }, connection) {
      const text = Buffer.from(body).toString('latin1');
      if (type === 1) {
        const start = text.indexOf('n,,');
        const clientFirst = start < 2 ? '' : text.slice(start, start + body.readUInt16BE(start - 2));
        const answer = text.includes(method) ? server.first(clientFirst) : undefined;
        connection.send(
          ...(answer === undefined ? connack(0x8c) : reasonPacket(0xf0, 0x18, properties(answer))),
        );
      }
      if (type === 15) {
        const final = server.final(text.slice(text.indexOf('c=')));
        connection.send(
          ...(final === undefined
            ? connack(0x86, dataProperty(propertyId.reasonString, 'invalid-proof'))
            : connack(0, properties(lastMessage(final)))),
        );
      }
    },
  };
}
