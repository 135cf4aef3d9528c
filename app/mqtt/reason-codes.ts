import type { MqttVersion } from '../profile/profile.ts';
import { type ReasonEntry, reasonTable } from './reason-table.ts';

/** The packets that carry a reason code (MQTT 5.0 section 2.4), or a return code in 3.1 and 3.1.1. */
export type ReasonPacket =
  | 'connack'
  | 'puback'
  | 'pubrec'
  | 'pubrel'
  | 'pubcomp'
  | 'suback'
  | 'unsuback'
  | 'disconnect'
  | 'auth';

/** What a reason code says. */
export interface Reason {
  readonly code: number;
  /** As the specification calls it: `Not authorized`. */
  readonly name: string;
  /** What happened, in plain words, as a whole sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The name in the specification; the same number may have another name in another packet or version. */
export function reasonName(code: number, packet: ReasonPacket, version: MqttVersion = '5.0'): string {
  return reasonOf(code, packet, version).name;
}

/**
 * A code of a received packet with its meaning. Codes that the version does not know are named with their number.
 * Brokers that know no MQTT 5 answer its CONNECT with a return code of 3.1.1, so these are understood there too.
 */
export function reasonOf(code: number, packet: ReasonPacket, version: MqttVersion = '5.0'): Reason {
  if (packet === 'connack' && code >= 1 && code <= 5) {
    return { code, ...returnCodes[code as 1 | 2 | 3 | 4 | 5] };
  }
  if (version !== '5.0' && packet === 'suback' && code === 0x80) {
    return {
      code,
      name: 'Failure',
      message: 'The broker refused this subscription.',
      hint: 'MQTT 3.1.1 does not tell why. Usually this user may not read the topic: check the access rules of the broker.',
    };
  }
  const entry = reasonTable.find(
    (candidate) => candidate.code === code && candidate.packets.includes(packet),
  );
  return entry === undefined ? unknownReason(code, packet) : { code, ...wordsFor(entry, packet) };
}

/** True for a code that means failure: 0x80 and above, or any but 0 in a CONNACK of 3.1 and 3.1.1. */
export function isRefusal(code: number, packet: ReasonPacket): boolean {
  return code >= 0x80 || (packet === 'connack' && code !== 0);
}

/** A code as experts read it: `0x87 (135)`. */
export function formatCode(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(2, '0')} (${code})`;
}

function wordsFor(entry: ReasonEntry, packet: ReasonPacket): Omit<Reason, 'code'> {
  const { name, message, hint } = { ...entry, ...entry.in?.[packet] };
  return { name, message, ...(hint === undefined ? {} : { hint }) };
}

function unknownReason(code: number, packet: ReasonPacket): Reason {
  const verb = code >= 0x80 || packet === 'connack' ? 'refused' : 'answered';
  return {
    code,
    name: `Unknown code ${formatCode(code)}`,
    message: `The broker ${verb} with the code ${formatCode(code)}, which MQTT does not define here.`,
    hint: 'Look the code up in the documentation or the log of the broker.',
  };
}

/** CONNACK return codes of MQTT 3.1 and 3.1.1 (3.1.1 section 3.2.2.3). */
const returnCodes: Readonly<Record<1 | 2 | 3 | 4 | 5, Omit<Reason, 'code'>>> = {
  1: {
    name: 'Unacceptable protocol version',
    message: 'The broker does not speak this version of MQTT.',
    hint: 'Choose MQTT 3.1.1 in the connection: almost every broker speaks it.',
  },
  2: {
    name: 'Identifier rejected',
    message: 'The broker does not accept this client ID.',
    hint: 'Choose another client ID. Some brokers allow 23 letters and digits only, some only IDs that they know.',
  },
  3: {
    name: 'Server unavailable',
    message: 'The broker answers, but its MQTT service is not available.',
    hint: 'Wait and try again, or look at the log of the broker.',
  },
  4: {
    name: 'Bad user name or password',
    message: 'The broker does not accept this username and password.',
    hint: 'Check the username and type the password anew.',
  },
  5: {
    name: 'Not authorized',
    message: 'The broker does not let this client connect.',
    hint: 'Check username and password (many brokers say the same of wrong ones), the client ID, and the access rules of the broker.',
  },
};
