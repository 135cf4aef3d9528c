import { formatCount, formatDuration } from '#app/base/format.ts';
import type { KeepAliveFacts, PacketRow, PacketsWindow, PacketTie } from '#app/contract/feeds/packets.ts';
import type { PacketType } from '#app/mqtt/packets/packet.ts';

/** How long an exchange took, or what stands in its place. */
export function tieText(tie: PacketTie | undefined): string {
  switch (tie?.kind) {
    case 'answered':
      return formatDuration(tie.after);
    case 'waiting':
      return 'waiting';
    case 'unanswered':
      return 'no answer';
    case 'follows':
      return tie.after === undefined ? '' : `+${formatDuration(tie.after)}`;
    default:
      return '';
  }
}

/** DUP, QoS and RETAIN of a PUBLISH. */
export function flagsText({ qos, dup, retain }: PacketRow): string {
  return [
    ...(qos === undefined ? [] : [`QoS ${qos}`]),
    ...(dup === true ? ['DUP'] : []),
    ...(retain === true ? ['RETAIN'] : []),
  ].join(' ');
}

/** The line on keep alive: when the next PINGREQ is due, and how the last one fared. */
export function keepAliveText(facts: KeepAliveFacts | undefined, now: number): string | undefined {
  if (facts === undefined) {
    return undefined;
  }
  const { seconds, nextAt, pingAt, roundTrip } = facts;
  if (seconds === 0) {
    return 'Keep alive is off';
  }
  const left = nextAt === undefined ? undefined : Math.max(0, Math.round((nextAt - now) / 1000));
  const isWaiting = pingAt !== undefined && roundTrip === undefined;
  const next = isWaiting
    ? 'PINGREQ waits for its PINGRESP'
    : left === undefined
      ? `next PINGREQ within ${seconds} s`
      : left === 0
        ? 'next PINGREQ is due'
        : `next PINGREQ in ${left} s`;
  const last = roundTrip === undefined ? '' : `, last round trip ${formatDuration(roundTrip)}`;
  return `Keep alive ${seconds} s: ${next}${last}`;
}

/** What is recorded, and what is not kept any more. */
export function recordedText({ recorded, dropped }: PacketsWindow): string {
  return dropped === 0
    ? `${formatCount(recorded)} recorded`
    : `the newest ${formatCount(recorded)}; ${formatCount(dropped)} older ones made room`;
}

/** What the choice of types offers: groups first, then each type by itself. */
export const typeChoices = {
  all: 'All packets',
  messages: 'Messages and acknowledgements',
  acknowledgements: 'Acknowledgements',
  connection: 'Connection',
  subscriptions: 'Subscriptions',
  keepAlive: 'Keep alive',
  CONNECT: 'CONNECT',
  CONNACK: 'CONNACK',
  PUBLISH: 'PUBLISH',
  PUBACK: 'PUBACK',
  PUBREC: 'PUBREC',
  PUBREL: 'PUBREL',
  PUBCOMP: 'PUBCOMP',
  SUBSCRIBE: 'SUBSCRIBE',
  SUBACK: 'SUBACK',
  UNSUBSCRIBE: 'UNSUBSCRIBE',
  UNSUBACK: 'UNSUBACK',
  PINGREQ: 'PINGREQ',
  PINGRESP: 'PINGRESP',
  DISCONNECT: 'DISCONNECT',
  AUTH: 'AUTH',
} as const;
export type TypeChoice = keyof typeof typeChoices;

const acknowledgements: readonly PacketType[] = ['PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP'];

/** The types that a choice stands for; none: all. */
export function typesOf(choice: TypeChoice): PacketType[] {
  switch (choice) {
    case 'all':
      return [];
    case 'messages':
      return ['PUBLISH', ...acknowledgements];
    case 'acknowledgements':
      return [...acknowledgements];
    case 'connection':
      return ['CONNECT', 'CONNACK', 'AUTH', 'DISCONNECT'];
    case 'subscriptions':
      return ['SUBSCRIBE', 'SUBACK', 'UNSUBSCRIBE', 'UNSUBACK'];
    case 'keepAlive':
      return ['PINGREQ', 'PINGRESP'];
    default:
      return [choice];
  }
}
