import { describe, expect, it } from 'vitest';
import type { DialStep, PresentedCertificate } from '#app/contract/session-state.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { profileSchema } from '#app/profile/profile.ts';
import { canTrust, withPin } from './trust.ts';

const certificate: PresentedCertificate = {
  subject: 'broker.example',
  issuer: 'broker.example',
  names: ['broker.example'],
  validFrom: 0,
  validTo: 1,
  fingerprint256: Array(32).fill('AB').join(':'),
  selfSigned: true,
};
const refused = (overrides: Partial<DialStep> = {}): readonly DialStep[] => [
  { stage: 'tcp', duration: 1, outcome: 'done' },
  { stage: 'tls', duration: 1, outcome: 'failed', certificates: [certificate], ...overrides },
];
const failure = (code: string) => ({ code, message: 'No.' });

describe('canTrust', () => {
  it.each(['tls.self-signed', 'tls.unknown-issuer', 'tls.wrong-host', 'tls.expired', 'tls.pin-mismatch'])(
    'offers it after %s',
    (code) => {
      expect(canTrust(refused(), failure(code))).toBe(true);
    },
  );

  it.each(['tls.revoked', 'tls.client-certificate-required', 'tls.handshake', 'network.refused'])(
    'does not after %s',
    (code) => {
      expect(canTrust(refused(), failure(code))).toBe(false);
    },
  );

  it('does not where nothing was presented, or another rung failed', () => {
    expect(canTrust(refused({ certificates: [] }), failure('tls.self-signed'))).toBe(false);
    expect(canTrust(refused({ outcome: 'done' }), failure('tls.self-signed'))).toBe(false);
    expect(canTrust([], failure('tls.self-signed'))).toBe(false);
  });
});

describe('withPin', () => {
  it('makes a profile that can be stored, however long the name', () => {
    const profile = withPin(newProfile(), { ...certificate, subject: 'x'.repeat(5000) }, 7);
    expect(profileSchema.parse(profile).tls.pin).toMatchObject({
      fingerprint256: certificate.fingerprint256,
      pinnedAt: 7,
    });
  });
});
