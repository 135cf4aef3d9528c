import { formatBytes, formatCount, formatDuration } from '#app/base/format.ts';
import type { BrokerRow, BrokerWindow, TalkerRow, TalkersWindow } from '#app/contract/feeds/broker.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { formatRate } from '#renderer/ui/numbers.tsx';

const names: Readonly<Record<BrokerWindow['broker'], string>> = {
  mosquitto: 'Mosquitto',
  emqx: 'EMQX',
  hivemq: 'HiveMQ',
  vernemq: 'VerneMQ',
  unknown: 'Unknown broker',
  none: '',
};

/** What the broker seems to be, by the names of its values. */
export function brokerName(broker: BrokerWindow['broker']): string {
  return names[broker];
}

/** A value with its unit; of a counter the count, its growth stands beside it. */
export function valueText({ value, unit, text }: Pick<BrokerRow, 'value' | 'unit' | 'text'>): string {
  if (value === undefined) {
    return text;
  }
  if (unit === 'bytes') {
    return formatBytes(value);
  }
  if (unit === 's') {
    return formatDuration(value * 1000);
  }
  const number = Number.isInteger(value)
    ? `${value < 0 ? '-' : ''}${formatCount(Math.abs(value))}`
    : String(value);
  return unit === '%' ? `${number} %` : number;
}

/** The growth of a counter; empty where it is none, or not known yet. */
export function growthText({ perSecond, unit }: Pick<BrokerRow, 'perSecond' | 'unit'>): string {
  if (perSecond === undefined) {
    return '';
  }
  return unit === 'bytes' ? `${formatBytes(perSecond)}/s` : `${formatRate(perSecond)}/s`;
}

/** A part of a whole: `83 %`, `< 1 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 1 ? '< 1 %' : `${Math.round(percent)} %`;
}

/** What would be flooding, in one sentence. */
export function floodText(
  { flooding, total }: Pick<TalkersWindow, 'flooding' | 'total'>,
  first: Pick<TalkerRow, 'topic' | 'messagesPerSecond' | 'share' | 'isBranch'> | undefined,
  floodRate: number,
): string {
  const limit = `${formatRate(floodRate)} messages per second`;
  if (total === 0) {
    return 'No messages in this span.';
  }
  if (flooding === 0) {
    return `Nothing floods: nobody sends ${limit} or more.`;
  }
  const others = flooding - 1;
  const who =
    first === undefined
      ? ''
      : `: ${visibleText(first.topic)}${first.isBranch ? '/#' : ''} with ${formatRate(first.messagesPerSecond)} per second, ${shareText(first.share)} of all`;
  return `Flooding, at ${limit} or more${who}${others > 0 ? `, and ${formatCount(others)} more` : ''}.`;
}
