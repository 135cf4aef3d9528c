/** What values are made from. Times in milliseconds. */
export interface GeneratorContext {
  /** Since the epoch. */
  readonly now: number;
  /** Of the first message of a row; a sine begins there. */
  readonly startedAt: number;
  /** How many messages came before this one. */
  readonly index: number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
  /** Variables of the environment. */
  readonly variables: ReadonlyMap<string, string>;
}

/** A text with its generators filled in; `problem` names the first that is not one, with the place. */
export type Generated =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text: string; readonly problem: string; readonly offset: number; readonly length: number };

/** How a generator is written, and what it makes; for help beside the field. */
export const generatorHelp: readonly { readonly usage: string; readonly makes: string }[] = [
  { usage: '{{now}}', makes: 'the time: 2026-01-02T03:04:05.678Z' },
  { usage: '{{now unix}}', makes: 'seconds since 1970; {{now ms}}: milliseconds' },
  { usage: '{{uuid}}', makes: 'a new UUID' },
  { usage: '{{seq}}', makes: '1, 2, 3 with each message; {{seq 100 5}}: 100, 105, 110' },
  { usage: '{{random 0 100}}', makes: 'a whole number from 0 to 100; {{random 0 1 2}}: with two decimals' },
  { usage: '{{pick a b c}}', makes: 'one of them; write "a b" for one with blanks' },
  { usage: '{{sine 60s 20 5}}', makes: 'a wave of 60 seconds around 20, 5 up and down' },
  { usage: '{{env.site}}', makes: 'a variable of the environment' },
];

/** Anything in two braces that begins like a name. */
const reference = /\{\{[ \t]*([A-Za-z_][\w.-]*)((?:[ \t]+(?:"[^"{}]*"|[^\s"{}]+))*)[ \t]*\}\}/g;
const MAX_DECIMALS = 15;

/** A generator where it stands in a text. */
interface Place {
  readonly whole: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly offset: number;
}

/** The text that was taken apart last: whoever publishes many messages makes them of one. */
let newest: { readonly text: string; readonly places: readonly Place[] } = { text: '', places: [] };

function placesIn(text: string): readonly Place[] {
  if (newest.text !== text) {
    const places = [...text.matchAll(reference)].map(({ 0: whole, 1: name = '', 2: rest = '', index }) => ({
      whole,
      name,
      words: [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
      offset: index,
    }));
    newest = { text, places };
  }
  return newest.places;
}

/** Whether there is anything to fill in. */
export function hasGenerators(text: string): boolean {
  return text.includes('{{') && placesIn(text).length > 0;
}

/** Fills `{{…}}` in, each by itself. What it makes is not looked at again. */
export function generate(text: string, context: GeneratorContext): Generated {
  let wrong: { readonly problem: string; readonly offset: number; readonly length: number } | undefined;
  let filled = '';
  let end = 0;
  for (const { whole, name, words, offset } of placesIn(text)) {
    const value = valueMade(name, words, context);
    filled += text.slice(end, offset);
    end = offset + whole.length;
    if (typeof value === 'string') {
      filled += value;
    } else {
      wrong ??= { problem: value.problem, offset, length: whole.length };
      filled += whole;
    }
  }
  filled += text.slice(end);
  return wrong === undefined ? { text: filled } : { text: filled, ...wrong };
}

interface Problem {
  readonly problem: string;
}

function valueMade(name: string, words: readonly string[], context: GeneratorContext): string | Problem {
  switch (name) {
    case 'now':
      return nowText(words, context.now);
    case 'uuid':
      return words.length === 0 ? context.uuid() : usage('{{uuid}}');
    case 'seq':
      return sequence(words, context.index);
    case 'random':
      return randomNumber(words, context.random);
    case 'pick':
      return (
        words[Math.floor(context.random() * words.length)] ?? usage('{{pick a b c}} with what to pick from')
      );
    case 'sine':
      return sine(words, context);
    default: {
      const variable = name.startsWith('env.') ? name.slice(4) : name;
      const value = words.length === 0 ? context.variables.get(variable) : undefined;
      return (
        value ?? {
          problem: name.startsWith('env.')
            ? `The environment has no variable “${variable}”`
            : `There is no generator and no variable “${name}”`,
        }
      );
    }
  }
}

function nowText([form, ...others]: readonly string[], now: number): string | Problem {
  if (others.length === 0) {
    switch (form) {
      case undefined:
      case 'iso':
        return new Date(now).toISOString();
      case 'unix':
        return String(Math.floor(now / 1000));
      case 'ms':
        return String(Math.floor(now));
    }
  }
  return usage('{{now}}, {{now unix}} or {{now ms}}');
}

function sequence(words: readonly string[], index: number): string | Problem {
  const [from = 1, step = 1] = words.map(Number);
  return words.length > 2 || !Number.isSafeInteger(from) || !Number.isSafeInteger(step)
    ? usage('{{seq}} or {{seq 100 5}} with whole numbers')
    : String(from + index * step);
}

function randomNumber(words: readonly string[], random: () => number): string | Problem {
  const [low = Number.NaN, high = Number.NaN, decimals = 0] = words.map(Number);
  if (
    words.length < 2 ||
    words.length > 3 ||
    !Number.isFinite(low) ||
    !Number.isFinite(high) ||
    low > high ||
    !isDecimals(decimals)
  ) {
    return usage('{{random 0 100}} or {{random 0 1 2}}, the smaller number first');
  }
  if (decimals > 0) {
    return (low + random() * (high - low)).toFixed(decimals);
  }
  const [first, last] = [Math.ceil(low), Math.floor(high)];
  return first > last
    ? usage('{{random 0 1 2}} where no whole number lies between')
    : String(Math.min(last, first + Math.floor(random() * (last - first + 1))));
}

function sine(words: readonly string[], { now, startedAt }: GeneratorContext): string | Problem {
  const [period = '', ...numbers] = words;
  const [, amount = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(period) ?? [];
  const length = Number(amount) * (units[unit] ?? 1);
  const [middle = Number.NaN, height = Number.NaN, decimals = 2] = numbers.map(Number);
  if (
    amount === '' ||
    !(length > 0) ||
    numbers.length > 3 ||
    !Number.isFinite(middle) ||
    !Number.isFinite(height) ||
    !isDecimals(decimals)
  ) {
    return usage('{{sine 60s 20 5}}: how long a wave is, its middle, and how far it goes');
  }
  return (middle + height * Math.sin((2 * Math.PI * (now - startedAt)) / length)).toFixed(decimals);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function isDecimals(decimals: number): boolean {
  return Number.isInteger(decimals) && decimals >= 0 && decimals <= MAX_DECIMALS;
}

function usage(how: string): Problem {
  return { problem: `Write ${how}` };
}
