import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type { Failure } from '#app/contract/failure.ts';
import { newProfile } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { connectTo, openEngine, waitFor } from './engine.fixture.ts';
import type { Engine } from './engine.ts';
import { testDirectory } from './test-directory.fixture.ts';

/** An engine with workers that have no broker, and a client; new for each test of the file that calls it. */
export class RunningEngine {
  directory!: Awaited<ReturnType<typeof testDirectory>>;
  engine!: Engine;
  client!: ContractClient;

  constructor() {
    beforeEach(async () => {
      this.directory = await testDirectory();
      await this.start();
    });
    afterEach(async () => {
      await this.stop();
      await this.directory.dispose();
    });
  }

  async start(): Promise<void> {
    this.engine = await openEngine(this.directory.path);
    this.client = await connectTo(this.engine);
  }

  async stop(): Promise<void> {
    this.client.dispose();
    await this.engine.close();
  }

  /** Names of the files in the vault. */
  vaultFiles(): Promise<string[]> {
    return readdir(this.directory.file('vault')).catch(() => []);
  }

  save(overrides: Partial<Profile>, secrets: { password?: string | null } = {}): Promise<Profile> {
    return this.client.main('profiles.save', { profile: newProfile(overrides), ...secrets });
  }

  /** All of them, whole. */
  async profiles(): Promise<readonly Profile[]> {
    const { profiles } = await waitFor(this.client, 'profiles', () => true);
    const whole = profiles.map(({ id }) =>
      waitFor(this.client, 'profile', () => true, { profileId: id }).then(({ profile }) => profile),
    );
    return (await Promise.all(whole)).filter((profile) => profile !== undefined);
  }

  /** What the session's worker says that it was given. */
  async given(sessionId: string) {
    const details: unknown = await this.client.session(sessionId, 'message.get', { sequence: 1 });
    return details as {
      readonly settings?: { readonly host: string; readonly password?: string };
      readonly subscriptions: readonly { readonly filter: string }[];
      readonly rules?: readonly { readonly filter: string }[];
      readonly schemas?: readonly { readonly id: string }[];
    };
  }
}

/** The failure that a call ends with. */
export function failureOf(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => ({ code: 'none', message: '' }),
    (error: { failure: Failure }) => error.failure,
  );
}
