import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mosquittoPub, quote } from './mosquitto-pub.ts';

const target = { protocol: 'mqtt', host: 'broker.local', port: 1883, mqttVersion: '5.0' };
const details = { topic: 'a/b', qos: 1 as const, retain: true, properties: {} };

/** Runs the command in a shell in which `mosquitto_pub` writes what it was given: arguments, then its input. */
function run(command: string): Buffer {
  const script = `mosquitto_pub() { for word in "$@"; do printf '%s\\0' "$word"; done; case "$*" in *-s) cat;; esac; }\n${command}`;
  return execFileSync('/bin/sh', ['-c', script]);
}

test('a shell reads the same words again, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !text.includes('\0')),
      (text) => {
        const out = execFileSync('/bin/sh', ['-c', `printf '%s' ${quote(text) === '' ? "''" : quote(text)}`]);
        expect(out.equals(Buffer.from(text))).toBe(true);
      },
    ),
    { numRuns: 15 },
  );
});

test('any payload comes out of the command as it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (payload) => {
      const out = run(mosquittoPub(target, details, payload));
      const tail = out.subarray(
        out.length - payload.length - (out.at(-1) === 0 && out.includes('-m\0') ? 1 : 0),
      );
      expect(Buffer.from(tail.subarray(0, payload.length)).equals(Buffer.from(payload))).toBe(true);
    }),
    { numRuns: 40, examples: [[new Uint8Array([0x2d, 0])], [new Uint8Array([0x2d, 0x2d, 0])]] },
  );
});

test('carries topic, QoS, retain and properties, and says what it cannot', () => {
  const properties = { contentType: 'text/x', userProperties: [{ key: "it's", value: '$HOME' }] };
  expect(mosquittoPub(target, { ...details, topic: 'a b/$x', properties }, new Uint8Array())).toBe(
    "mosquitto_pub -h broker.local -p 1883 -V 5 -t 'a b/$x' -q 1 -r -D publish content-type text/x -D publish user-property 'it'\\''s' '$HOME' -n",
  );
  expect(mosquittoPub({ ...target, protocol: 'wss' }, details, new Uint8Array([0]))).toMatch(
    /does not speak WebSocket[\s\S]*printf '\\000'/,
  );
  expect(() => mosquittoPub(target, details, new Uint8Array(200_000))).toThrow('too large');
});
