import { decodeStrictUtf8 } from '../payload/utf8.ts';
import {
  type CommandLine,
  fitForWindows,
  isAscii,
  linesOf,
  runtimeWord,
  windowsNotes,
} from './command-line.ts';
import { nameHidden } from './hidden-text.ts';
import { comments } from './program.ts';

/** Characters of a payload that stand on the command line. */
const MAX_LINE_PAYLOAD = 4000;
/** Characters of a line that cmd.exe takes. */
const MAX_LINE = 8191;

/** A batch file. What has no place on a line of cmd.exe comes from a file that is to be put beside it. */
export function cmdScript(written: CommandLine): readonly string[] {
  const command = fitForWindows(written);
  const { program, payload } = command;
  const text = payload === undefined ? undefined : lineText(payload);
  const notes = [...command.notes, ...windowsNotes(command)];
  if (payload !== undefined && text === undefined) {
    notes.push(
      'This payload has no place on a line of cmd.exe: export it as the raw file payload.bin, into the folder that this runs in. The script for PowerShell brings it along.',
    );
  }
  const seen = command.words.map(nameHidden);
  if (seen.some((word, index) => word !== command.words[index])) {
    notes.push(
      'cmd.exe has no way to write line ends and characters that are not seen: ⟨U+…⟩ stands in their place.',
    );
  }
  const task = payload === undefined ? [] : text === undefined ? ['-f', 'payload.bin'] : ['-m', text];
  const words = [...seen, ...task];
  const lines = linesOf([program, ...words.map(cmdWord)]);
  if (words.some((word) => word.includes('%'))) {
    notes.push('Run it as a file: at the prompt, %% would stay two signs.');
  }
  if (lines.join('').length > MAX_LINE) {
    notes.push(`This is more than the ${MAX_LINE} characters that cmd.exe takes: use PowerShell.`);
  }
  const remarks = comments(notes.map(harmless), 'rem');
  return [
    '@echo off',
    'setlocal DisableDelayedExpansion',
    ...([...words, ...remarks].every(isAscii) ? [] : ['chcp 65001 >nul']),
    ...remarks,
    lines.join(' ^\n'),
  ];
}

function lineText(payload: Uint8Array): string | undefined {
  const text = payload.length > MAX_LINE_PAYLOAD ? undefined : decodeStrictUtf8(payload);
  return text !== undefined && /^[ -~]*$/.test(text) ? text : undefined;
}

/** Without what means something to cmd.exe even in a remark, and with the apostrophe of every code page. */
function harmless(note: string): string {
  return note
    .replaceAll('’', "'")
    .replaceAll(/[&|<>^"]/g, '_')
    .replaceAll('%', '%%');
}

/**
 * A word for a batch file. Within quotation marks only `%` means something; a word that has such marks is written
 * without, with a caret before each sign that means something: cmd.exe knows no mark within marks.
 */
export function cmdWord(text: string): string {
  if (/^[\w@+:./-]+$/.test(text)) {
    return text;
  }
  return text.includes('"')
    ? runtimeWord(text)
        .replaceAll(/[()!^"<>&|]/g, '^$&')
        .replaceAll('%', '%%')
    : `"${text.replaceAll('%', '%%').replace(/(\\+)$/, '$1$1')}"`;
}
