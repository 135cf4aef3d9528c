import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLogger } from './logger.ts';
import { redactText, redactValue } from './redact.ts';
import { testDirectory } from './test-directory.fixture.ts';

describe('FileLogger', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  beforeEach(async () => {
    directory = await testDirectory();
  });
  afterEach(() => directory.dispose());

  it('writes a line of JSON each, for the user only', async () => {
    const path = directory.file('a.log');
    const logger = new FileLogger({ path });
    logger.log('info', 'one\n{"level":"forged"}', { password: 'hunter2', nested: { passphrase: 'hunter2' } });
    logger.log('error', 'two', { error: new Error('mqtt://u:hunter2@h failed') });
    await logger.flush();
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain('hunter2');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    ).toEqual(['info', 'error']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('rotates, and keeps a bounded number of bytes', async () => {
    const logger = new FileLogger({ path: directory.file('a.log'), maxBytes: 2000, maxFiles: 3 });
    for (let index = 0; index < 200; index += 1) {
      logger.log('info', `line ${index} ${'x'.repeat(100)}`);
      await logger.flush();
    }
    expect((await readdir(directory.path)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect(await readFile(directory.file('a.log'), 'utf8')).toContain('line 199');
    expect((await stat(directory.file('a.log.2'))).size).toBeLessThan(2200);
  });

  it('does not disturb when the disk can’t be written', async () => {
    await mkdir(directory.file('a.log'));
    const logger = new FileLogger({ path: directory.file('a.log') });
    logger.log('info', 'x');
    await logger.flush();
    logger.log('info', 'y');
    await logger.flush();
    expect(await readdir(directory.path)).toEqual(['a.log']);
  });
});

describe('redaction', () => {
  it('takes out what may be a secret', () => {
    expect(redactText('mqtts://user:pa/ss@host:1')).not.toContain('pa/ss');
    expect(redactText('mqtt://user:pass@host:1/x')).toBe('mqtt://[removed]@host:1/x');
    expect(redactText('http://127.0.0.1:1/#token=abc-DEF_1')).toBe('http://127.0.0.1:1/#token=[removed]');
    expect(redactText('{"password":"a b"}')).not.toContain('"a');
    expect(redactText('-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----')).toBe('[PEM removed]');
    expect(redactText('-----BEGIN PRIVATE KEY-----\nMII')).toBe('[PEM removed]');
    expect(redactValue({ key: 'k', tls: { pem: 'x' }, bytes: new Uint8Array(3), port: 1883 })).toEqual({
      key: '[removed]',
      tls: { pem: '[removed]' },
      bytes: '[3 bytes]',
      port: 1883,
    });
  });

  it('takes any value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          expect(() => JSON.stringify(redactValue(value))).not.toThrow();
        },
      ),
    );
  });
});
