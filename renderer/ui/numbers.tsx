import { formatBytes, formatCount } from '#app/base/format.ts';

interface NumberProps {
  readonly value: number;
  readonly className?: string | undefined;
}

function classOf(className: string | undefined): string {
  return className === undefined ? 'tabular' : `tabular ${className}`;
}

/** A count with thousands separators in tabular figures. */
export function Count({ value, className }: NumberProps) {
  return <span className={classOf(className)}>{formatCount(value)}</span>;
}

/** A size such as `1.2 KB`; the exact number of bytes on hover. */
export function Bytes({ value, className }: NumberProps) {
  return (
    <span className={classOf(className)} title={`${formatCount(value)} bytes`}>
      {formatBytes(value)}
    </span>
  );
}

/** A rate for people: `0`, `0.4`, `12`, `1,234`. The unit stands beside it. */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.05) {
    return '0';
  }
  return perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** Messages per second: `12 msg/s`. */
export function Rate({ value, className }: NumberProps) {
  return <span className={classOf(className)}>{formatRate(value)} msg/s</span>;
}
