import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProfile } from '../profile/defaults.ts';
import { cmdWord } from './cmd.ts';
import { runtimeWord } from './command-line.ts';
import { makeProgram } from './make-program.ts';
import { shellWord } from './posix-shell.ts';
import { powerShellText } from './powershell.ts';
import { programFile, type ShellName } from './program.ts';
import { programConnection } from './program-connection.ts';

const sign = fc.constantFrom(
  ...['"', "'", '\\', '%', '^', '&', '|', '<', '>', '(', ')', '!', ' ', 'a', '$', '`', '’', '{', ':', '-'],
);
const oneLine = fc.string({ unit: sign, maxLength: 20 });
const anyText = fc.oneof(
  oneLine,
  fc.string({
    unit: fc.oneof(sign, fc.constantFrom('\n', '\t', '\r', '\u202e', '\u200b', '\ufeff', '𝄞', '\u{e0041}')),
    maxLength: 20,
  }),
);

/** Words as the C runtime of Windows takes a command line apart. */
function runtimeWords(line: string): string[] {
  const words: string[] = [];
  let [word, isOpen, isWord] = ['', false, false];
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    const after = line[at + slashes];
    if (slashes > 0) {
      isWord = true;
      word += '\\'.repeat(after === '"' ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (after === '"' && slashes % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (after === '"') {
      [isOpen, isWord] = [!isOpen, true];
    } else if (!isOpen && /[ \t]/.test(after ?? '')) {
      if (isWord) {
        words.push(word);
      }
      [word, isWord] = ['', false];
    } else {
      word += after;
      isWord = true;
    }
  }
  return isWord ? [...words, word] : words;
}

/** What a batch file hands to a program: `%%` becomes `%`, carets count outside of quotation marks. */
function batchLine(line: string): string {
  expect(line.replaceAll('%%', '')).not.toContain('%');
  let [handed, isQuoted] = ['', false];
  const text = line.replaceAll('%%', '%');
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (!isQuoted && character === '^') {
      at += 1;
      handed += text[at] ?? '';
      continue;
    }
    if (!isQuoted) {
      expect(character).not.toMatch(/[&|<>]/);
    }
    isQuoted = character === '"' ? !isQuoted : isQuoted;
    handed += character;
  }
  expect(isQuoted).toBe(false);
  return handed;
}

/** The value of a text in PowerShell: strings in single marks, any of which ends them unless doubled, and characters. */
function powerShellValue(expression: string): string {
  const marks = "['\u2018-\u201b]";
  const part = `'((?:${marks}${marks}|[^'\u2018-\u201b])*)'|\\[char\\]0x([0-9a-f]{4})`;
  const inner = /^\('' \+ (.*)\)$/s.exec(expression)?.[1] ?? expression;
  const whole = new RegExp(`^(?:${part})(?: \\+ (?:${part}))*$`);
  expect(inner).toMatch(whole);
  return [...inner.matchAll(new RegExp(part, 'g'))]
    .map(([, text, code]) =>
      code === undefined
        ? (text ?? '').replaceAll(new RegExp(`${marks}(${marks})`, 'g'), '$1')
        : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .join('');
}

describe('a word', () => {
  it('comes out of a POSIX shell as it was', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
        const command = `printf '%s\\000' ${texts.map(shellWord).join(' ')}`;
        expect(execFileSync('/bin/sh', ['-c', command]).toString().split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 20 },
    );
  });

  it('comes out of a command line of Windows as it was', () => {
    fc.assert(
      fc.property(fc.array(oneLine), (texts) => {
        expect(runtimeWords(texts.map(runtimeWord).join(' '))).toEqual(texts);
      }),
    );
  });

  it('comes out of a batch file as it was', () => {
    fc.assert(
      fc.property(fc.array(oneLine), (texts) => {
        expect(runtimeWords(batchLine(texts.map(cmdWord).join(' ')))).toEqual(texts);
      }),
    );
    expect(cmdWord('50% & more')).toBe('"50%% & more"');
    expect(cmdWord('{"on": true}')).toBe('^"{\\^"on\\^": true}^"');
  });

  it('comes out of PowerShell as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(powerShellValue(powerShellText(text))).toBe(text);
      }),
    );
    expect(powerShellText("it's ‘so’")).toBe("'it''s ‘‘so’’'");
    expect(powerShellText('\u202ea')).toBe("('' + [char]0x202e + 'a')");
  });
});

describe('a command for Windows', () => {
  const connection = programConnection(newProfile({ host: 'h', port: 1883, clientId: '' }));
  const code = (shell: ShellName, text: string, topic = 'a/b') => {
    const payload = new TextEncoder().encode(text);
    const message = { topic, payload, qos: 0, retain: false, properties: {} } as const;
    return makeProgram('mosquitto', { connection, message }, shell).code;
  };

  it('has a short payload among its words', () => {
    expect(code('cmd', '21 %')).toContain('mosquitto_pub -h h -p 1883 -V 5 -t a/b -q 0 -m "21 %%"\n');
    expect(code('cmd', '21')).not.toContain('chcp');
    expect(code('powershell', "it's 21")).toContain(
      "mosquitto_pub -h h -p 1883 -V 5 -t 'a/b' -q 0 -m 'it''s 21'\n",
    );
  });

  it('is written whole for PowerShell where its versions hand marks over in different ways', () => {
    const json = code('powershell', '{"it\'s": "a b"}');
    expect(json).toContain('Start-Process mosquitto_pub -NoNewWindow -Wait -ArgumentList (@(\n');
    expect(json).toContain(String.raw`-m "{\"it''s\": \"a b\"}"'`);
  });

  it('takes from a file what has no place on its line', () => {
    for (const text of ['ü', 'a\r', '\u202e', 'x'.repeat(20_000)]) {
      expect(code('powershell', text)).toContain(
        `FromBase64String('${Buffer.from(text).toString('base64')}')`,
      );
      expect(code('powershell', text)).toContain('-f $payload\nRemove-Item $payload\n');
      expect(code('cmd', text)).toContain('-f payload.bin');
      expect(code('cmd', text)).toContain('export it as the raw file payload.bin');
    }
    expect(code('cmd', 'two\nlines')).toContain('-f payload.bin');
    expect(code('powershell', '"', 'ü "x"')).toContain('code page of the system');
  });

  it('says where cmd.exe cannot write a character', () => {
    expect(code('cmd', 'x', 'a\u202eb')).toContain('"a⟨U+202E⟩b"');
    expect(code('cmd', 'x', 'a\u202eb')).toContain('stands in their place');
    expect(code('cmd', 'x', 'a\u202eb')).toContain('chcp 65001');
  });

  it('holds no sign that could become a quotation mark on its way', () => {
    const topic = 'x\uff02 -h evil.example \uff02ü東ー';
    for (const shell of ['cmd', 'powershell'] as const) {
      const program = code(shell, 'x', topic);
      expect(program).toContain('x⟨U+FF02⟩ -h evil.example ⟨U+FF02⟩ü東ー');
      expect(program).toContain('may become others');
    }
    expect(code('sh', 'x', topic)).toContain(topic);
  });

  it('is saved with what its system wants of a file', () => {
    const program = (shell: ShellName) => makeProgram('mosquitto', { connection }, shell);
    expect(programFile(program('cmd'))).toMatch(/^@echo off\r\nsetlocal[^\n]*\r\n/);
    expect(programFile(program('powershell'))).toMatch(/^\ufeff#/);
    expect(programFile(program('sh'))).toBe(program('sh').code);
  });
});
