import { decodeStrictUtf8 } from '../payload/utf8.ts';
import {
  type CommandLine,
  fitForWindows,
  isAscii,
  linesOf,
  runtimeWord,
  windowsNotes,
} from './command-line.ts';
import { isSeen, seenParts } from './hidden-text.ts';
import { base64 } from './literals.ts';
import { comments } from './program.ts';

/** Characters of a payload that stand on the command line: Windows takes 32,767 of all together. */
const MAX_LINE_PAYLOAD = 16_000;

/**
 * A script that Windows PowerShell 5.1 and PowerShell 7 run alike. They hand arguments with quotation marks, and empty
 * ones, to programs in different ways; such a command line is written whole, for `Start-Process`.
 */
export function powerShellScript(written: CommandLine): readonly string[] {
  const command = fitForWindows(written);
  const { program, payload, notes } = command;
  const text = payload === undefined ? undefined : lineText(payload);
  const isFile = payload !== undefined && text === undefined;
  const words = [...command.words, ...(text === undefined ? [] : ['-m', text])];
  return [
    ...comments([...notes, ...windowsNotes(command)], '#'),
    ...(isFile
      ? [
          '$payload = [IO.Path]::GetTempFileName()',
          `[IO.File]::WriteAllBytes($payload, [Convert]::FromBase64String('${base64(payload)}'))`,
        ]
      : []),
    ...(words.some(isAltered) ? started(program, words, isFile) : called(program, words, isFile)),
    ...(isFile ? ['Remove-Item $payload'] : []),
  ];
}

/** A payload that may stand on the command line: ASCII, because programs get all else in the code page of the system. */
function lineText(payload: Uint8Array): string | undefined {
  const text = payload.length > MAX_LINE_PAYLOAD ? undefined : decodeStrictUtf8(payload);
  return text !== undefined && isAscii(text) && isSeen(text) ? text : undefined;
}

/** What one of the versions would not hand to the program as it is. */
function isAltered(word: string): boolean {
  return word === '' || word === '--%' || word.includes('"') || (/\s/.test(word) && word.endsWith('\\'));
}

function called(program: string, words: readonly string[], isFile: boolean): readonly string[] {
  const all = [program, ...words.map(word), ...(isFile ? ['-f', '$payload'] : [])];
  return [linesOf(all).join(' `\n')];
}

function started(program: string, words: readonly string[], isFile: boolean): readonly string[] {
  const parts = linesOf(words.map(runtimeWord)).map((line) => powerShellText(line.trimStart()));
  const all = isFile ? [...parts, `('-f "' + $payload + '"')`] : parts;
  return [
    `Start-Process ${program} -NoNewWindow -Wait -ArgumentList (@(`,
    ...all.map((part, index) => `  ${part}${index === all.length - 1 ? '' : ','}`),
    ") -join ' ')",
  ];
}

function word(text: string): string {
  return /^(?:--?[a-z][a-z-]*|[a-z][a-z0-9]*|0|[1-9]\d{0,8})$/i.test(text) ? text : powerShellText(text);
}

/** A text as an expression of PowerShell. Its typographic quotation marks end a string as the plain one does. */
export function powerShellText(text: string): string {
  const parts = seenParts(text).map((part) =>
    part.isHidden
      ? Array.from(
          { length: part.text.length },
          (_, at) => `[char]0x${part.text.charCodeAt(at).toString(16).padStart(4, '0')}`,
        ).join(' + ')
      : `'${part.text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`,
  );
  const [first = "''"] = parts;
  // A sum that began with a character would be one of numbers.
  return parts.length < 2 && first.startsWith("'") ? first : `('' + ${parts.join(' + ')})`;
}
