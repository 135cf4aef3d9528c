import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

const optionsOf = (...args: string[]) => {
  const parsed = parseCommandLine(args);
  return parsed.kind === 'run' ? parsed.options : parsed;
};
const errorOf = (...args: string[]) => {
  const parsed = parseCommandLine(args);
  return parsed.kind === 'error' ? parsed.message : parsed.kind;
};

describe('parseCommandLine', () => {
  it('reads every option', () => {
    expect(
      optionsOf('--server', '--port', '8080', '--no-open', '--data-dir', 'd', '--demo', 'mqtt://h'),
    ).toMatchObject({
      host: 'server',
      port: 8080,
      open: false,
      dataDirectory: 'd',
      demo: true,
      url: 'mqtt://h',
    });
    expect(optionsOf()).toMatchObject({ host: undefined, open: true, demo: false, url: undefined });
    expect(
      optionsOf('--host=0.0.0.0', '--access-password-file=p', '--tls-cert=c', '--tls-key=k'),
    ).toMatchObject({ address: '0.0.0.0', accessPasswordFile: 'p', tlsCert: 'c', tlsKey: 'k' });
    expect(parseCommandLine(['--help']).kind).toBe('help');
    expect(parseCommandLine(['-v']).kind).toBe('version');
  });

  it('says in one line what is wrong', () => {
    expect(errorOf('--bogus')).toContain('--bogus');
    expect(errorOf('--port', 'x')).toContain('“x”');
    expect(errorOf('--port', '70000')).toContain('70000');
    expect(errorOf('--port')).toContain('--port');
    expect(errorOf('--desktop', '--server')).toContain('exclude');
    expect(errorOf('--desktop', '--port', '1')).toContain('belongs to --server');
    expect(errorOf('a', 'b')).toContain('One URL');
    expect(errorOf('--tls-cert', 'c')).toContain('belong together');
    expect(errorOf('--data-dir', '')).toContain('needs a value');
  });

  it('never throws and never breaks the line', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        const parsed = parseCommandLine(args);
        expect(parsed.kind === 'error' ? parsed.message.length > 3 : true).toBe(true);
      }),
    );
  });
});
