import { nameCharacter } from './hidden-text.ts';

/** A command, before a shell's quoting. */
export interface CommandLine {
  readonly program: string;
  /** Without zero characters. */
  readonly words: readonly string[];
  /** Of mosquitto_pub; absent where the words say that there is none. */
  readonly payload?: Uint8Array;
  /** In whole sentences. */
  readonly notes: readonly string[];
}

/** Columns that the options of a line take. */
const LINE = 92;

/** Words on as many lines as they take; a line begins with an option. */
export function linesOf(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line.length + word.length > LINE && word.startsWith('-')) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Beside ASCII, only letters and digits go to programs of Windows: what their code page lacks becomes what looks like it
 * there, and a sign that became a quotation mark would end a word (“best fit” of WideCharToMultiByte).
 */
const unfit = /[^\0-\x7f\p{Ll}\p{Lu}\p{Lt}\p{Lo}\p{Nd}[\p{Lm}--[\u02b0-\u02ff]]]/gv;

/** A command with names, `⟨U+FF02⟩`, in the place of what may become something else on its way. */
export function fitForWindows(command: CommandLine): CommandLine {
  const words = command.words.map((word) => word.replace(unfit, nameCharacter));
  return words.every((word, index) => word === command.words[index])
    ? command
    : {
        ...command,
        words,
        notes: [
          ...command.notes,
          'Signs that are no ASCII may become others on their way to Mosquitto’s clients for Windows: ⟨U+…⟩ stands in their place.',
        ],
      };
}

/** What is said of every script for Windows. */
export function windowsNotes({ words }: CommandLine): readonly string[] {
  return [
    'Mosquitto’s clients have to be found: add the folder that they are installed in to PATH.',
    ...(words.every(isAscii)
      ? []
      : [
          'Mosquitto’s clients for Windows take their options in the code page of the system: what is not ASCII may arrive as other bytes.',
        ]),
  ];
}

export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** A word as the C runtime of Windows takes a command line apart: quoted, with backslashes doubled before quotes. */
export function runtimeWord(text: string): string {
  return /^[^\s"]+$/.test(text)
    ? text
    : `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
