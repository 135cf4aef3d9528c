import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFailure } from '#app/contract/failure.ts';
import { profileSchema } from '#app/profile/profile.ts';
import { profileFromUrl } from './connection-url.ts';

const failureOf = (url: string) => {
  try {
    profileFromUrl(url);
  } catch (error) {
    return toFailure(error);
  }
  throw new Error('no failure');
};

describe('profileFromUrl', () => {
  it('reads every part', () => {
    const { profile, password } = profileFromUrl(
      'mqtts://us%40er:p%23a%3Ass@broker.example:8884?topic=a/%23&topic=b/+/c',
    );
    expect(profile).toMatchObject({
      protocol: 'mqtts',
      host: 'broker.example',
      port: 8884,
      username: 'us@er',
      name: 'broker.example:8884',
    });
    expect(password).toBe('p#a:ss');
    expect(profile.subscriptions.map(({ filter }) => filter)).toEqual(['a/#', 'b/+/c']);
    expect(JSON.stringify(profile)).not.toContain('p#a');
  });

  it('takes # and + in topics as they are typed', () => {
    expect(profileFromUrl('mqtt://h?topic=#').profile.subscriptions[0]?.filter).toBe('#');
    expect(profileFromUrl('mqtt://h/?topic=plant/+/#').profile.subscriptions[0]?.filter).toBe('plant/+/#');
    expect(profileFromUrl('mqtt://h?topic=$share/g/a/#').profile.subscriptions[0]?.filter).toBe(
      '$share/g/a/#',
    );
  });

  it('knows the default ports', () => {
    expect(profileFromUrl('mqtt://h').profile.port).toBe(1883);
    expect(profileFromUrl('mqtts://h').profile.port).toBe(8883);
    expect(profileFromUrl('ws://h').profile.port).toBe(80);
    expect(profileFromUrl('wss://h:443/mqtt').profile).toMatchObject({ port: 443, path: '/mqtt' });
    expect(profileFromUrl('wss://h/').profile.path).toBe('/');
  });

  it('reads an IPv6 address', () => {
    expect(profileFromUrl('mqtt://[::1]:1884').profile).toMatchObject({
      host: '::1',
      port: 1884,
      name: '[::1]:1884',
    });
  });

  it('says what is wrong', () => {
    expect(failureOf('http://h').code).toBe('url.protocol');
    expect(failureOf('mqtt://').code).toMatch(/^url\./);
    expect(failureOf('localhost:1883').code).toMatch(/^url\.(protocol|invalid)$/);
    expect(failureOf('broker').message).toContain('does not begin with a protocol');
    expect(failureOf('mqtt://h:99999').code).toBe('url.invalid');
    expect(failureOf('mqtt://h:0').code).toBe('url.port');
    expect(failureOf('mqtt://h?topic=a/#/b').code).toBe('url.topic');
    expect(failureOf('mqtt://h?topic').code).toBe('url.topic');
    expect(failureOf('mqtt://h?qos=1').code).toBe('url.query');
    expect(failureOf('mqtt://u:%zz@h').code).toBe('url.encoding');
  });

  it('never repeats a password', () => {
    for (const url of [
      'http://u:hunter2@h',
      'mqtt://u:hunter2@h:99999',
      'mqtt://u:hunter2%zz@h',
      'mqtt://u:hunter2@',
    ]) {
      expect(JSON.stringify(failureOf(url))).not.toContain('hunter2');
    }
  });

  it('gives a valid profile or a failure of its own for any text', () => {
    const part = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(
        fc.oneof(
          part,
          fc
            .tuple(fc.constantFrom('mqtt', 'ws', 'wss'), part, part)
            .map(([a, b, c]) => `${a}://${b}?topic=${c}`),
        ),
        (url) => {
          try {
            expect(profileSchema.safeParse(profileFromUrl(url).profile).success).toBe(true);
          } catch (error) {
            expect(toFailure(error).code).toMatch(/^url\./);
          }
        },
      ),
    );
  });
});
