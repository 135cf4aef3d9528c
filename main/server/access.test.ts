import { describe, expect, it } from 'vitest';
import {
  type AccessRules,
  isAllowedHost,
  isAllowedOrigin,
  isLoopback,
  isSameSecret,
  newToken,
} from './access.ts';
import { FailedAttempts } from './attempts.ts';
import { browserCommand } from './open-browser.ts';

const local: AccessRules = { scheme: 'http', port: 4000, isLocal: true };

describe('access', () => {
  it('makes tokens that differ and fit a fragment', () => {
    const tokens = new Set(Array.from({ length: 100 }, newToken));
    expect(tokens.size).toBe(100);
    expect([...tokens].every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
  });

  it('compares whole secrets', () => {
    expect(isSameSecret('a', 'a')).toBe(true);
    expect(isSameSecret('a', 'b')).toBe(false);
    expect(isSameSecret('ab', 'a')).toBe(false);
    expect(isSameSecret(undefined, '')).toBe(false);
  });

  it('knows loopback', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '127.evil.example', '10.0.0.1', 'localhost.evil'].some(isLoopback)).toBe(false);
  });

  it('takes the own names only', () => {
    expect(isAllowedHost('localhost:4000', local)).toBe(true);
    expect(isAllowedHost('LOCALHOST:4000', local)).toBe(true);
    for (const host of [
      'localhost',
      'localhost:80',
      'localhost.:4000',
      'a@localhost:4000',
      'evil:4000',
      '127.0.0.1:4000:1',
      undefined,
    ]) {
      expect(isAllowedHost(host, local)).toBe(false);
    }
    expect(isAllowedHost('localhost', { ...local, port: 80 })).toBe(true);
    const remote: AccessRules = { scheme: 'https', port: 443, isLocal: false };
    expect(isAllowedHost('10.0.0.7', remote)).toBe(true);
    expect(isAllowedHost('evil.example', remote)).toBe(false);
  });

  it('takes the own origin only', () => {
    expect(isAllowedOrigin('http://localhost:4000', 'localhost:4000', local)).toBe(true);
    expect(isAllowedOrigin('http://localhost', 'localhost:80', { ...local, port: 80 })).toBe(true);
    for (const origin of [
      'https://localhost:4000',
      'http://localhost:4001',
      'http://127.0.0.1:4000',
      'null',
      '',
      undefined,
    ]) {
      expect(isAllowedOrigin(origin, 'localhost:4000', local)).toBe(false);
    }
  });

  it('lets an address guess again after a while', () => {
    let now = 0;
    const attempts = new FailedAttempts(() => now);
    for (let count = 0; count < 10; count += 1) {
      expect(attempts.isBlocked('a')).toBe(false);
      attempts.add('a');
    }
    expect(attempts.isBlocked('a')).toBe(true);
    expect(attempts.isBlocked('b')).toBe(false);
    now = 60_001;
    expect(attempts.isBlocked('a')).toBe(false);
    attempts.add('a');
    attempts.forget('a');
    expect(attempts.isBlocked('a')).toBe(false);
  });

  it('opens the browser without a shell', () => {
    const url = 'http://127.0.0.1:1/#token=a&b|c';
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const { command, args } = browserCommand(url, platform);
      expect(command).not.toMatch(/cmd|sh$/);
      expect(args.at(-1)).toBe(url);
    }
  });
});
