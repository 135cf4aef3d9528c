import { formatDuration, formatQuantity } from '#app/base/format.ts';
import type { RehearsalFact } from '#app/contract/feeds/will.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { ruledPreview } from '#app/payload/ruled-preview.ts';
import type { PublishProperties, Qos } from '#app/profile/profile.ts';
import { type StoredMessage, sameBytes } from '../retained/retained-link.ts';
import type { ConnectionSettings } from '../settings.ts';

/** The will that went with a CONNECT. */
export type ArmedWill = NonNullable<ConnectionSettings['will']>;

/** A session that never expires (MQTT 5.0 section 3.1.2.11.2). */
const NEVER = 0xffff_ffff;
/** Milliseconds by which a will may be early: brokers count their delays in whole seconds. */
const EARLY = 1_000;
/** Milliseconds by which it may be late before that is called a difference. */
const LATE = 3_000;

/** When the broker is to send a will. Seconds after the connection is lost. */
export interface WillDelay {
  readonly configured: number;
  readonly effective: number;
  /** Why these differ. */
  readonly note?: string;
}

/** The delay interval, or the end of the session where that comes first (MQTT 5.0 section 3.1.3.2.2). */
export function willDelay(
  will: ArmedWill,
  settings: Pick<ConnectionSettings, 'mqttVersion' | 'sessionExpiryInterval'>,
  connack: Pick<ConnackSummary, 'sessionExpiryInterval'>,
): WillDelay {
  const configured = will.delayInterval ?? 0;
  if (settings.mqttVersion !== '5.0' || configured === 0) {
    return { configured: 0, effective: 0 };
  }
  const expiry = connack.sessionExpiryInterval ?? settings.sessionExpiryInterval;
  if (expiry >= NEVER || expiry >= configured) {
    return { configured, effective: configured };
  }
  return {
    configured,
    effective: expiry,
    note: `The session ends ${expiry === 0 ? 'with the connection' : `${expiry} s after it`}, and the will is due then at the latest (MQTT 5.0 section 3.1.3.2.2): for a delay of ${configured} s set “Session expiry” to ${configured} s or more.`,
  };
}

/** A will as the watcher received it. */
export interface WillArrival {
  readonly message: StoredMessage;
  readonly retain: boolean;
  /** Milliseconds from the end of the connection. */
  readonly after: number;
  /** Does the broker keep it now? Undefined: nobody looked. */
  readonly isKept?: boolean;
}

/** What was set, beside what arrived, line by line. `granted`: the most that the watcher can be sent with. */
export function compareWill(
  will: ArmedWill,
  delay: WillDelay,
  arrival: WillArrival | undefined,
  granted: Qos = 2,
): readonly RehearsalFact[] {
  const isRetained = arrival?.isKept ?? arrival?.retain;
  const isLowered =
    arrival !== undefined && arrival.message.qos < will.qos && arrival.message.qos === granted;
  const configuredProperties = propertyWords(will.properties);
  const facts: RehearsalFact[] = [
    fact('payload', payloadWords(will.payload), arrival && payloadWords(arrival.message.payload), {
      isSame: arrival !== undefined && sameBytes(will.payload, arrival.message.payload),
    }),
    fact('qos', String(will.qos), arrival && String(arrival.message.qos), {
      isSame: arrival?.message.qos === will.qos,
      note: isLowered ? `The broker granted the watcher QoS ${granted} at most.` : undefined,
    }),
    fact('retain', retainWords(will.retain), isRetained === undefined ? undefined : retainWords(isRetained), {
      isSame: isRetained === will.retain,
      note:
        isRetained === false && will.retain
          ? 'The broker does not keep it for later subscribers.'
          : undefined,
    }),
    fact('delay', delayWords(delay.configured), arrival && `${formatDuration(arrival.after)} after the end`, {
      isSame: arrival !== undefined && isOnTime(arrival.after, delay.configured),
      note: delayNote(delay, arrival),
    }),
  ];
  if (configuredProperties !== '' || (arrival && propertyWords(arrival.message.properties) !== '')) {
    const arrived = arrival && propertyWords(arrival.message.properties);
    facts.push(
      fact('properties', configuredProperties || 'none', arrived === '' ? 'none' : arrived, {
        isSame: arrived === configuredProperties,
      }),
    );
  }
  return facts;
}

/** Is this how long it may take? */
function isOnTime(after: number, effective: number): boolean {
  return after >= effective * 1000 - EARLY && after <= effective * 1000 + LATE;
}

function delayNote(delay: WillDelay, arrival: WillArrival | undefined): string | undefined {
  const waits = delay.effective < delay.configured && arrival !== undefined;
  return waits && isOnTime(arrival.after, delay.configured) && !isOnTime(arrival.after, delay.effective)
    ? `This broker waits for the whole delay. ${delay.note}`
    : delay.note;
}

function fact(
  name: RehearsalFact['name'],
  configured: string,
  arrived: string | undefined,
  { isSame, note }: { readonly isSame: boolean; readonly note?: string | undefined },
): RehearsalFact {
  return {
    name,
    configured,
    isSame,
    ...(arrived === undefined ? {} : { arrived }),
    ...(note === undefined ? {} : { note }),
  };
}

function payloadWords(payload: Uint8Array): string {
  return payload.length === 0
    ? 'empty'
    : `${ruledPreview(payload, payload.length, undefined).slice(0, 80)} (${formatQuantity(payload.length, 'byte')})`;
}

function retainWords(retain: boolean): string {
  return retain ? 'retained' : 'not retained';
}

function delayWords(seconds: number): string {
  return seconds === 0 ? 'at once' : `after ${seconds} s`;
}

/** All but the expiry, which runs down on the way. Raw: values come from the network. */
function propertyWords(properties: PublishProperties): string {
  const { contentType, payloadIsUtf8, responseTopic, correlationData, userProperties } = properties;
  return [
    contentType === undefined ? '' : `content type ${contentType}`,
    payloadIsUtf8 === true ? 'UTF-8 text' : '',
    responseTopic === undefined ? '' : `response topic ${responseTopic}`,
    correlationData === undefined ? '' : `correlation data ${Buffer.from(correlationData).toString('hex')}`,
    ...(userProperties ?? []).map(({ key, value }) => `${key}: ${value}`),
  ]
    .filter((words) => words !== '')
    .join(', ')
    .slice(0, 1000);
}
