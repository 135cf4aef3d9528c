import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileSchema } from '#app/profile/profile.ts';
import { Attachments } from './attachments.ts';
import type { ReadProfile } from './profile-draft.ts';
import { readCommandLines } from './read-command-line.ts';
import { splitCommands } from './shell-words.ts';

function readAll(text: string): readonly ReadProfile[] {
  return readCommandLines(text, new Attachments([]));
}

function read(text: string): ReadProfile {
  const [first] = readAll(text);
  if (first === undefined) {
    throw new Error('No command was found.');
  }
  return first;
}

describe('splitCommands', () => {
  const words = (text: string) => splitCommands(text).map((command) => command.words);

  it('knows quotes, backslashes, comments and continued lines', () => {
    expect(words(`a 'b c' "d \\"e\\" $x" f\\ g '' # h`)).toEqual([['a', 'b c', 'd "e" $x', 'f g', '']]);
    expect(words('a \\\n  b ^\r\n  c `\n d\ne')).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    expect(words("it'''s'")).toEqual([['its']]);
    expect(words('a"b"\'c\'')).toEqual([['abc']]);
  });

  it('parts commands and leaves redirections out', () => {
    expect(words('a | b; c && d > out.txt 2>&1 e')).toEqual([['a'], ['b'], ['c'], ['d', 'e']]);
  });

  it('names what only a shell knows, and takes $SYS for the topic that it is', () => {
    const [command] = splitCommands('x $HOME "$\u007bPASS}" $(date) \'$NOT\' $SYS/# \\$ESCAPED');
    expect(command?.words).toEqual(['x', '$HOME', '$\u007bPASS}', '$(date)', '$NOT', '$SYS/#', '$ESCAPED']);
    expect(command?.unresolved).toEqual(['$HOME', '$\u007bPASS}', '$(date)']);
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '\\', '$', '{', '>', '&', '\n', '#') }),
        (text) => {
          expect(
            splitCommands(text)
              .flatMap((command) => command.words)
              .join('').length,
          ).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

describe('mosquitto_sub', () => {
  it('becomes a connection with all that it says', () => {
    const { profile, secrets, notTaken } = read(
      `$ mosquitto_sub -h broker.example -p 8884 -u 'a b' -P "p\\"w" -i me -k 30 -c -V mqttv5 -x 3600 \\
        --cafile /etc/ca.crt --cert c.pem --key k.pem --tls-version tlsv1.2 --tls-alpn mqtt \\
        --will-topic gone --will-payload 'bye bye' --will-qos 1 --will-retain \\
        -t 'a/#' -t '$SYS/#' -q 2 --retain-as-published -v -C 5 | jq .`,
    );
    expect(profile).toMatchObject({
      name: 'broker.example:8884',
      protocol: 'mqtts',
      host: 'broker.example',
      port: 8884,
      username: 'a b',
      clientId: 'me',
      keepAlive: 30,
      clean: false,
      mqttVersion: '5.0',
      sessionExpiryInterval: 3600,
      tls: { verify: true, minVersion: 'TLSv1.2', alpn: ['mqtt'] },
      will: { enabled: true, topic: 'gone', payload: 'bye bye', qos: 1, retain: true },
      subscriptions: [
        { filter: 'a/#', qos: 2, retainAsPublished: true },
        { filter: '$SYS/#', qos: 2 },
      ],
    });
    expect(secrets.password).toBe('p"w');
    expect(notTaken.map(({ what }) => what)).toEqual([
      'CA certificate /etc/ca.crt',
      'Client certificate c.pem',
      'Client key k.pem',
      '-v',
      '-C 5',
    ]);
  });

  it('has the defaults of Mosquitto', () => {
    expect(read('mosquitto_sub -t a').profile).toMatchObject({
      host: 'localhost',
      port: 1883,
      protocol: 'mqtt',
      mqttVersion: '3.1.1',
      clean: true,
      keepAlive: 60,
    });
    expect(read('mosquitto_sub -p 8883 -t a').profile).toMatchObject({ protocol: 'mqtts', port: 8883 });
    expect(read('mosquitto_sub --cafile x -t a').profile).toMatchObject({ protocol: 'mqtts', port: 8883 });
    expect(read('mosquitto_sub -c -V 5 -i x').profile.sessionExpiryInterval).toBe(0xffff_ffff);
    expect(read('mosquitto_sub -x ∞').profile).toMatchObject({
      mqttVersion: '5.0',
      sessionExpiryInterval: 0xffff_ffff,
    });
  });

  it('reads URLs, whose path is the topic', () => {
    const { profile, secrets } = read('mosquitto_sub -L mqtts://u:p%40w@host.example/a/b/# --ws');
    expect(profile).toMatchObject({
      protocol: 'wss',
      host: 'host.example',
      username: 'u',
      subscriptions: [{ filter: 'a/b/#' }],
    });
    expect(secrets.password).toBe('p%40w');
    expect(read('mosquitto_sub -L mqtt://[::1]:1884/x').profile).toMatchObject({ host: '::1', port: 1884 });
    expect(read('mosquitto_sub -L nonsense').notTaken[0]?.what).toBe('-L');
  });

  it('reads pre-shared keys and proxies', () => {
    const { profile, secrets } = read(
      'mosquitto_sub -h h --psk 00ff --psk-identity dev --proxy socks5h://us%3Aer:p%40w@px:1081 -t a',
    );
    expect(profile).toMatchObject({
      protocol: 'mqtts',
      tls: { psk: { identity: 'dev' } },
      proxy: { kind: 'socks5', host: 'px', port: 1081, username: 'us:er' },
    });
    expect(secrets.named).toEqual({ psk: '00ff', proxyPassword: 'p@w' });
    expect(read('mosquitto_sub --psk 00ff').notTaken[0]?.what).toBe('--psk');
  });

  it('reads properties of CONNECT and of the will', () => {
    const { profile, notTaken } = read(
      `mosquitto_sub -t a --will-topic w -D connect receive-maximum 10 -D CONNECT user-property k 'v w'
       `.trim() +
        ' -D will will-delay-interval 5 -D will content-type json -D publish topic-alias 3 -D connect topic-alias-maximum 4',
    );
    expect(profile).toMatchObject({
      mqttVersion: '5.0',
      mqtt5: { receiveMaximum: 10, userProperties: [{ key: 'k', value: 'v w' }] },
      will: { delayInterval: 5, contentType: 'json' },
    });
    expect(notTaken.map(({ what }) => what)).toEqual([
      '-D publish topic-alias 3',
      '-D connect topic-alias-maximum 4',
    ]);
  });

  it('never switches verification off, and never deletes anything', () => {
    const { profile, notTaken } = read('mosquitto_sub -p 8883 --insecure --remove-retained -t "#"');
    expect(profile.tls.verify).toBe(true);
    expect(notTaken.map(({ what }) => what)).toEqual(['--insecure', '--remove-retained']);
  });

  it('names what it does not know, lacks, or only the shell knows', () => {
    const { notTaken, warnings } = read('mosquitto_sub -h $BROKER --strange -k soon -t');
    expect(notTaken.map(({ what }) => what)).toEqual(['--strange', '-t', '-k soon']);
    expect(warnings.join()).toContain('$BROKER');
  });

  it('reads a Unix socket', () => {
    expect(read('mosquitto_sub --unix /tmp/m.sock -t a').profile.socketPath).toBe('/tmp/m.sock');
  });
});

describe('mosquitto_pub', () => {
  it('gives the connection; topic and payload are named and used for nothing', () => {
    const { profile, notTaken } = read('docker exec m /usr/bin/mosquitto_pub -h h -t a/b -m "x y" -r -q 1');
    expect(profile).toMatchObject({ host: 'h', subscriptions: [] });
    expect(profile.will.enabled).toBe(false);
    expect(notTaken.map(({ what }) => what)).toEqual(['Topic a/b', '-m x y', '-r']);
  });

  it('gives one connection for each command of a text', () => {
    const hosts = readAll('cd x\nmosquitto_pub -h a -m 1\nsleep 1; mosquitto_sub -h b').map(
      ({ profile }) => profile.host,
    );
    expect(hosts).toEqual(['a', 'b']);
  });
});

it('gives a sound profile or a reason for any words', () => {
  const word = fc.oneof(
    fc.constantFrom('-h', '-p', '-L', '-t', '-k', '-D', 'connect', '--proxy', '--psk', '--ws', '-c', '-x'),
    fc.constantFrom('user-property', '--psk-identity', '-V', '5', '-i', '--unix', '--tls-alpn', '-P'),
    fc.string({ maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      for (const { profile, problem } of readAll(`mosquitto_sub ${words.join(' ')}`)) {
        expect(problem !== undefined || profileSchema.safeParse(profile).success).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
