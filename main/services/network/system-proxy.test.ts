import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import { isExempt, isLoopback, parseProxyUrl, proxyFromEnvironment } from './system-proxy.ts';

const secure = { protocol: 'mqtts', host: 'broker.example', port: 8883 } as const;
const plain = { protocol: 'ws', host: 'broker.example', port: 8080 } as const;

describe('parseProxyUrl', () => {
  it.each([
    ['http://proxy:3128', { kind: 'http', host: 'proxy', port: 3128, username: '' }],
    ['proxy:3128', { kind: 'http', host: 'proxy', port: 3128, username: '' }],
    ['http://proxy', { kind: 'http', host: 'proxy', port: 80, username: '' }],
    ['socks5://proxy', { kind: 'socks5', host: 'proxy', port: 1080, username: '' }],
    ['socks5h://proxy:80', { kind: 'socks5', host: 'proxy', port: 80, username: '' }],
    [
      'HTTP://me:p%40ss@[::1]:8080/',
      { kind: 'http', host: '::1', port: 8080, username: 'me', password: 'p@ss' },
    ],
    ['http://a%zz:b@proxy:1', { kind: 'http', host: 'proxy', port: 1, username: 'a%zz', password: 'b' }],
  ])('%s', (text, expected) => {
    expect(parseProxyUrl(text)).toEqual(expected);
  });

  it.each(['https://user:hidden@proxy', 'socks4://proxy', 'http://', 'http://user:hidden@', 'proxy:99999'])(
    '%s is refused, its password kept back',
    (text) => {
      expect(() => parseProxyUrl(text)).toThrow(FailureError);
      try {
        parseProxyUrl(text);
      } catch (error) {
        const { failure } = error as FailureError;
        expect(failure.code).toBe('proxy.system');
        expect(JSON.stringify(failure)).not.toContain('hidden');
      }
    },
  );

  it('answers or refuses, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (text) => {
        try {
          const { host, port } = parseProxyUrl(text);
          expect(host).not.toBe('');
          expect(port >= 0 && port <= 65_535).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
        }
      }),
    );
  });
});

describe('proxyFromEnvironment', () => {
  const hostOf = (target: typeof secure | typeof plain, environment: Record<string, string>) =>
    proxyFromEnvironment(target, environment)?.host;

  it('takes the variable that fits the protocol, lower case first', () => {
    const both = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:1', ALL_PROXY: 'http://a:1' };
    expect(hostOf(secure, both)).toBe('s');
    expect(hostOf(plain, both)).toBe('p');
    expect(hostOf(plain, { HTTPS_PROXY: 'http://s:1', ALL_PROXY: 'http://a:1' })).toBe('a');
    expect(hostOf(secure, { ...both, https_proxy: 'http://lower:1' })).toBe('lower');
    expect(hostOf(secure, { https_proxy: ' ', HTTPS_PROXY: 'http://s:1' })).toBe('s');
    expect(hostOf(secure, {})).toBeUndefined();
  });

  it('leaves this machine and what NO_PROXY names alone', () => {
    expect(hostOf(secure, { ALL_PROXY: 'http://a:1', NO_PROXY: 'example' })).toBeUndefined();
    for (const host of ['localhost', '127.8.9.1', '::1', '[::1]', 'a.localhost.']) {
      expect(isLoopback(host)).toBe(true);
      expect(proxyFromEnvironment({ ...secure, host }, { ALL_PROXY: 'http://a:1' })).toBeUndefined();
    }
    expect(isLoopback('localhost.example')).toBe(false);
    expect(isLoopback('127.example')).toBe(false);
  });
});

describe('isExempt', () => {
  it.each([
    ['*', 'broker.example', true],
    ['broker.example', 'broker.example', true],
    ['EXAMPLE', 'Broker.Example.', true],
    ['.example, other', 'broker.example', true],
    ['*.example', 'broker.example', true],
    ['ker.example', 'broker.example', false],
    ['broker.example:8883', 'broker.example', true],
    ['broker.example:1883', 'broker.example', false],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/99', '10.1.2.3', false],
    ['10.0.0.0/8', 'broker.example', false],
    ['fd00::/8', '[fd00::7]', true],
    ['[::2]:8883', '::2', true],
    ['::2', '[::2]', true],
    ['3.4', '1.2.3.4', false],
    ['', 'broker.example', false],
    [' , ', 'broker.example', false],
  ])('%s, %s: %s', (list, host, expected) => {
    expect(isExempt({ host, port: 8883 }, list)).toBe(expected);
  });

  it('copes with any list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (list, host) => {
        expect(typeof isExempt({ host, port: 1 }, list)).toBe('boolean');
      }),
    );
  });
});
