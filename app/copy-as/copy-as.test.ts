import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription } from '../profile/defaults.ts';
import { cString, jsString, pyBytes, pyString } from './literals.ts';
import { makeProgram } from './make-program.ts';
import { oneLine, programTargets } from './program.ts';
import { programConnection } from './program-connection.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('literals', () => {
  it('of JavaScript come back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const literal = jsString(text);
        expect(JSON.parse(literal)).toBe(text);
        expect(literal).not.toMatch(/[\n\r\u2028\u2029]/);
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
        expect(oneLine(text)).not.toMatch(/[\\\u0000-\u001f\u0085\u2028\u2029]/);
        expect(oneLine(text)).not.toContain('??/');
      }),
    );
  });
});

describe('programs', () => {
  it('are written of any connection and message, each comment on its own line', () => {
    const words = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(words, words, words, fc.uint8Array({ maxLength: 30 }), (host, user, topic, payload) => {
        const { will } = newProfile();
        const profile = newProfile({
          host,
          username: user,
          clientId: user,
          passwordRef: 'p',
          protocol: 'mqtts',
          will: { ...will, enabled: true, topic, payload: host },
          subscriptions: [newSubscription(topic === '' ? '#' : topic, { qos: 2 })],
        });
        const connection = programConnection(profile);
        const message = { topic, payload, qos: 2, retain: true, properties: {} } as const;
        for (const target of programTargets) {
          for (const task of [{ connection }, { connection, message }]) {
            const { code } = makeProgram(target, task);
            expect(code.endsWith('\n')).toBe(true);
            expect(code).not.toContain('undefined');
          }
        }
      }),
    );
  });
});
