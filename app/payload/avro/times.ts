import type { TimeForm } from './avro-type.ts';

const MS_PER_DAY = 86_400_000;
const DATE_TIME =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))?$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/;
const DATE = /^([+-]\d{6}|\d{4})-\d\d-\d\d$/;

/** Digits of a second that a form counts. */
function digitsOf(form: TimeForm): 3 | 6 | 9 {
  return form.endsWith('nanos') ? 9 : form.endsWith('micros') ? 6 : 3;
}

/** A time in ISO 8601 with all its digits; `undefined` where no calendar or clock has it. */
export function timeText(form: TimeForm, value: number | bigint): string | undefined {
  if (form === 'date') {
    return isoText(Number(value) * MS_PER_DAY)?.slice(0, -14);
  }
  const digits = digitsOf(form);
  const unit = 10n ** BigInt(digits);
  const whole = BigInt(value);
  const fraction = ((whole % unit) + unit) % unit;
  const seconds = Number((whole - fraction) / unit);
  const tail = `.${String(fraction).padStart(digits, '0')}`;
  if (form.startsWith('time-')) {
    return seconds >= 0 && seconds < 86_400
      ? `${new Date(seconds * 1000).toISOString().slice(11, 19)}${tail}`
      : undefined;
  }
  const text = isoText(seconds * 1000)?.slice(0, -5);
  return text && `${text}${tail}${form.startsWith('local-') ? '' : 'Z'}`;
}

/** Back from {@link timeText}; `undefined` where the text is no such time, or finer than the form. */
export function timeValue(form: TimeForm, text: string): bigint | undefined {
  if (form === 'date') {
    const at = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    return isoText(at)?.slice(0, -14) === text ? BigInt(at / MS_PER_DAY) : undefined;
  }
  if (form.startsWith('time-')) {
    const match = TIME.exec(text);
    const [hours, minutes, seconds] = [1, 2, 3].map((part) => Number(match?.[part]));
    return match !== null && (hours ?? 24) < 24 && (minutes ?? 60) < 60 && (seconds ?? 60) < 60
      ? withFraction((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0), match[4], digitsOf(form))
      : undefined;
  }
  const match = DATE_TIME.exec(text);
  // A moment has a zone; a local time has none.
  if (match === null || ((match[8] ?? match[9]) === undefined) !== form.startsWith('local-')) {
    return undefined;
  }
  const plain = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`;
  const at = Date.parse(`${plain}Z`);
  // The engine takes 31 February for 3 March.
  if (isoText(at)?.slice(0, -5) !== plain) {
    return undefined;
  }
  const offset = (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0)) * (match[9] === '-' ? -60 : 60);
  return withFraction(at / 1000 - offset, match[7], digitsOf(form));
}

function withFraction(seconds: number, fraction = '', digits: number): bigint | undefined {
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  return /[1-9]/.test(fraction.slice(digits))
    ? undefined
    : BigInt(seconds) * 10n ** BigInt(digits) + BigInt(kept);
}

function isoText(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
