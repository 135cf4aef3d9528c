import type { Failure } from '#app/contract/failure.ts';
import type { DialStep, PresentedCertificate } from '#app/contract/session-state.ts';
import type { PinnedCertificate, Profile } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';

/** Refusals that a pinned certificate would not mend: it was withdrawn, or our own certificate was not taken. */
const notMendable = /^tls\.(revoked|client-|key-|psk|not-tls|version|handshake|weak|closed|timeout)/;

/** Whether the server was refused for its certificate alone, so that trusting this one would let us in. */
export function canTrust(steps: readonly DialStep[], failure: Failure | undefined): boolean {
  const last = steps.at(-1);
  return (
    last?.stage === 'tls' &&
    last.outcome === 'failed' &&
    (last.certificates?.length ?? 0) > 0 &&
    failure?.code.startsWith('tls.') === true &&
    !notMendable.test(failure.code)
  );
}

/** The profile with this one certificate trusted. `now` in milliseconds since the epoch. */
export function withPin(profile: Profile, certificate: PresentedCertificate, now: number): Profile {
  return { ...profile, tls: { ...profile.tls, pin: pinOf(certificate, now) } };
}

function pinOf({ fingerprint256, subject }: PresentedCertificate, now: number): PinnedCertificate {
  return { fingerprint256, subject: subject.slice(0, 2000), pinnedAt: now };
}

/** Trusts the certificate in the session's profile; where that is not saved, for as long as the session lives. */
export function trustInSession(sessionId: string, certificate: PresentedCertificate): Promise<void> {
  return engineClient().main('sessions.trust', { sessionId, pin: pinOf(certificate, Date.now()) });
}

/** Trusts the certificate in the saved profile. */
export function savePin(profile: Profile, certificate: PresentedCertificate): Promise<Profile> {
  return engineClient().main('profiles.save', { profile: withPin(profile, certificate, Date.now()) });
}
