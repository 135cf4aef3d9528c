import { describe, expect, it } from 'vitest';
import { desktopProxy, parseProxyList } from './system-proxy.ts';

const target = { protocol: 'mqtts', host: 'broker.example', port: 8883 } as const;

describe('parseProxyList', () => {
  it.each([
    ['DIRECT', undefined],
    ['', undefined],
    ['PROXY proxy.example:3128', { kind: 'http', host: 'proxy.example', port: 3128, username: '' }],
    ['PROXY [fd00::1]:3128; DIRECT', { kind: 'http', host: 'fd00::1', port: 3128, username: '' }],
    ['HTTPS a:443; SOCKS5 b:1080', { kind: 'socks5', host: 'b', port: 1080, username: '' }],
    ['SOCKS b:1080', { kind: 'socks5', host: 'b', port: 1080, username: '' }],
    ['HTTPS a:443; DIRECT', undefined],
    ['PROXY nonsense; DIRECT', undefined],
  ])('%j', (list, expected) => {
    expect(parseProxyList(list)).toEqual(expected);
  });

  it('says so when there is none that can be used', () => {
    expect(() => parseProxyList('HTTPS a:443; QUIC b:1')).toThrow(/names only proxies/);
  });
});

describe('desktopProxy', () => {
  it('asks Chromium for the tunnel to the broker', async () => {
    const asked: string[] = [];
    const session = {
      resolveProxy: async (url: string) => {
        asked.push(url);
        return 'PROXY proxy.example:3128';
      },
    };
    expect(await desktopProxy(session, target, {})).toMatchObject({ host: 'proxy.example' });
    expect(await desktopProxy(session, { ...target, host: 'fd00::2' }, {})).toBeDefined();
    expect(asked).toEqual(['https://broker.example:8883/', 'https://[fd00::2]:8883/']);
  });

  it('says so when Chromium can not tell', async () => {
    const session = { resolveProxy: () => Promise.reject(new Error('no network service')) };
    await expect(desktopProxy(session, target, {})).rejects.toMatchObject({
      failure: { code: 'proxy.system', detail: 'no network service' },
    });
  });

  it('lets the environment go first, and never leads to this machine by a proxy', async () => {
    const session = { resolveProxy: () => Promise.reject(new Error('asked')) };
    const environment = { HTTPS_PROXY: 'socks5://me:pw@other.example' };
    expect(await desktopProxy(session, target, environment)).toEqual({
      kind: 'socks5',
      host: 'other.example',
      port: 1080,
      username: 'me',
      password: 'pw',
    });
    expect(await desktopProxy(session, { ...target, host: 'localhost' }, {})).toBeUndefined();
  });
});
