import type { MessagePort } from 'node:worker_threads';
import { Emitter } from '#app/base/event.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Notice, SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState, Redirect } from '#app/contract/session-state.ts';
import type { Profile, Subscription } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { FilledProfile } from '#app/profile/variables.ts';
import type { ListeningChange } from '../readers/session-listening.ts';
import type { FromSession } from '../session/control.ts';
import type { SharedLogUpdate } from '../session/log/shared-log.ts';
import { readOnlyFailure } from '../session/publish-guard.ts';
import type { LooseSecrets } from './connection-settings.ts';
import { ListeningWatch } from './listening.ts';
import type { Logger } from './logger.ts';
import type { SystemProxy } from './network/system-proxy.ts';
import {
  countCrash,
  newSession,
  type OpenSession,
  type ResolveSettings,
  refill,
  settingsOf,
} from './open-session.ts';
import { checkOpenProfiles } from './profile-limits.ts';
import {
  asksForSignIn,
  crashNotice,
  type SignIn,
  summaryOf,
  usableRules,
  usableSubscriptions,
} from './session-profile.ts';
import { endedFailure, SessionWorker, type SessionWorkerOptions } from './session-worker.ts';
import { workerUrl } from './worker-urls.ts';

/** Milliseconds for Disconnect and Drop: after that the worker counts as hung and is replaced. */
const STOP_TIMEOUT = 5_000;

export interface SessionRegistryOptions {
  /** The profile with the variables of its environment, as far as there are any. */
  readonly fill: (profile: Profile) => FilledProfile;
  readonly resolve: ResolveSettings;
  /** Which proxy the system has for a target now. */
  readonly systemProxy: SystemProxy;
  readonly onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void;
  readonly onSessionNotice: (notice: Notice) => void;
  readonly onLog: (sessionId: string, update: SharedLogUpdate) => void;
  readonly onLogClosed: (sessionId: string) => void;
  /** How messages of a session are shown, by topic; none once it is closed. */
  readonly onRules: (sessionId: string, rules: readonly Rule[], schemas: readonly PayloadSchema[]) => void;
  /** What a session can hear from now on; `undefined` once it is closed. */
  readonly onListening: (sessionId: string, change: ListeningChange | undefined) => void;
  /** A line for the profile's key log file. */
  readonly onKeyLog: (profile: Profile, line: Uint8Array) => void;
  readonly logger: Logger;
  readonly worker?: SessionWorkerOptions;
}

/** The open sessions, one worker each. They belong to the engine: clients come and go. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #sessions = new Map<string, OpenSession>();
  /** Closed ones whose worker still takes leave of its broker. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #changed = new Emitter<void>();
  readonly #listening: ListeningWatch;

  readonly onDidChange = this.#changed.event;

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
    this.#listening = new ListeningWatch(options.onListening);
  }

  get summaries(): readonly SessionSummary[] {
    return [...this.#sessions.values()].map(summaryOf);
  }

  /** Profiles in use by open sessions: their secrets are needed for a reconnect. */
  get profiles(): readonly Profile[] {
    return [...this.#sessions.values()].map(({ profile }) => profile);
  }

  /** Id of the open session of a profile. */
  find(profileId: string): string | undefined {
    return [...this.#sessions.values()].find(({ profile }) => profile.id === profileId)?.sessionId;
  }

  profileOf(sessionId: string): { readonly profile: Profile; readonly temporary: boolean } {
    return this.#require(sessionId);
  }

  /** Secrets of a temporary session, for when its profile is saved. */
  looseSecretsOf(profileId: string): LooseSecrets {
    const sessionId = this.find(profileId);
    return sessionId === undefined ? {} : this.#require(sessionId).loose;
  }

  /** Throws `profile.size` or `session.room` when the sessions could not be shown with the profile as it is to be. */
  checkRoom(profile: Profile): void {
    checkOpenProfiles(
      this.profiles.filter(({ id }) => id !== profile.id),
      profile,
    );
  }

  /** Opens a session; it stays offline until {@link connect}. Throws as {@link checkRoom} does. */
  open(profile: Profile, options: { readonly temporary: boolean; readonly loose?: LooseSecrets }): string {
    this.checkRoom(profile);
    const session = newSession(profile, this.#options.fill(profile), options);
    this.#sessions.set(session.sessionId, session);
    this.#startWorker(session);
    this.#options.onRules(session.sessionId, usableRules(session.filled), session.filled.profile.schemas);
    this.#listening.note(session, Date.now());
    this.#changed.fire();
    return session.sessionId;
  }

  /** Where the broker sent the session, if that is how its connection ended. */
  redirectOf(sessionId: string): Redirect | undefined {
    const { state } = this.#require(sessionId);
    return state.kind === 'failed' ? state.redirect : undefined;
  }

  /**
   * Begins to connect. What becomes of it shows in the session's state; only what is wrong before is thrown. `server`:
   * another one than in the profile, which the broker named. A profile that asks for user name and password waits for
   * `signIn`, unless the session goes on with what it was given before: between two tries, and to another server.
   */
  async connect(sessionId: string, server?: Redirect['servers'][number], signIn?: SignIn): Promise<void> {
    const session = this.#require(sessionId);
    const asks = asksForSignIn(session.profile);
    const keepsSignIn = signIn === undefined && (session.state.kind === 'waiting' || server !== undefined);
    if (asks && signIn === undefined && !keepsSignIn) {
      this.#setAwaits(session, true);
      return;
    }
    const settings = await settingsOf(session, this.#options.resolve, server, asks ? signIn : undefined);
    if (!this.#sessions.has(sessionId)) {
      throw endedFailure();
    }
    if (session.worker === undefined) {
      session.crashes = [];
      session.generation += 1;
      this.#startWorker(session);
    }
    this.#setAwaits(session, false);
    await session.worker?.call({
      type: 'connect',
      settings,
      ...(asks && keepsSignIn ? { keepsSignIn } : {}),
    });
  }

  /** Like {@link connect}, but what is wrong before shows in the session's state as well. Never rejects. */
  async connectQuietly(sessionId: string): Promise<void> {
    try {
      await this.connect(sessionId);
    } catch (error) {
      const session = this.#sessions.get(sessionId);
      if (session !== undefined) {
        this.#setState(session, { kind: 'failed', failure: toFailure(error), steps: [] }, undefined);
      }
    }
  }

  /** Connects unless it is connected, connecting or about to. */
  async connectIfIdle(sessionId: string): Promise<void> {
    const { state } = this.#require(sessionId);
    if (state.kind === 'offline' || state.kind === 'failed') {
      await this.connect(sessionId);
    }
  }

  disconnect(sessionId: string): Promise<void> {
    this.#setAwaits(this.#require(sessionId), false);
    return this.#stop(sessionId, 'disconnect');
  }

  /** Throws `guard.readOnly` where the broker would publish the will. */
  async drop(sessionId: string): Promise<void> {
    const { profile, willArmed } = this.#require(sessionId);
    if (profile.guard === 'readOnly' && willArmed !== undefined) {
      throw readOnlyFailure('Not dropped: the broker would publish the last will.');
    }
    return this.#stop(sessionId, 'drop');
  }

  /** Ends the session with all that it holds. */
  async close(sessionId: string): Promise<void> {
    const session = this.#require(sessionId);
    this.#sessions.delete(sessionId);
    this.#changed.fire();
    const left = (session.worker?.leave() ?? Promise.resolve()).then(() => {
      this.#options.onLogClosed(sessionId);
      this.#options.onRules(sessionId, [], []);
      this.#listening.forget(sessionId);
    });
    this.#leaving.add(left);
    await left.finally(() => this.#leaving.delete(left));
  }

  /** Waits also for those that were closed a moment ago: cut off, their brokers would send the last will. */
  async closeAll(): Promise<void> {
    const closing = [...this.#sessions.keys()].map((sessionId) => this.close(sessionId));
    await Promise.all([...closing, ...this.#leaving]);
  }

  /** A profile was saved, edited or brought back: its sessions take it over, subscriptions and rules at once. */
  setProfile(profile: Profile, temporary: boolean): void {
    for (const session of this.#sessions.values()) {
      if (session.profile.id !== profile.id) {
        continue;
      }
      session.profile = profile;
      if (session.guard !== profile.guard) {
        session.guard = profile.guard;
        session.worker?.tell({ type: 'guard', guard: profile.guard });
      }
      if (session.temporary && !temporary) {
        session.loose = {};
      }
      session.temporary = temporary;
      this.#fill(session);
      this.#changed.fire();
    }
  }

  /** Variables have changed: subscriptions and rules follow at once, all else with the next connect. */
  refill(): void {
    for (const session of this.#sessions.values()) {
      this.#fill(session);
    }
    this.#changed.fire();
  }

  #fill(session: OpenSession): void {
    const { subscriptions, rules, environment } = refill(session, this.#options.fill);
    if (subscriptions !== undefined) {
      this.#sendSubscriptions(session, subscriptions);
    }
    if (environment !== undefined) {
      session.worker?.tell({ type: 'environment', ...environment });
    }
    if (rules !== undefined) {
      // The readers first: windows open messages anew when the session's rows change.
      this.#options.onRules(session.sessionId, rules.rules, rules.schemas);
      session.worker?.tell({ type: 'rules', ...rules });
    }
  }

  #setAwaits(session: OpenSession, awaits: boolean): void {
    if (session.awaitsSignIn !== awaits) {
      session.awaitsSignIn = awaits;
      this.#changed.fire();
    }
  }

  /** The profile is gone; an open session goes on with what it has. */
  orphan(profileId: string): void {
    for (const session of this.#sessions.values()) {
      if (session.profile.id === profileId) {
        session.temporary = true;
        this.#changed.fire();
      }
    }
  }

  /** A port for the frames of one client, or why there is none. */
  attach(sessionId: string): MessagePort | Failure {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) {
      return endedFailure().failure;
    }
    return (
      session.worker?.attach() ??
      (session.state.kind === 'failed' ? session.state.failure : endedFailure().failure)
    );
  }

  /** Has a session tell the names of its topics through a port; without the session it closes. */
  tellTopics(sessionId: string, port: MessagePort): void {
    const worker = this.#sessions.get(sessionId)?.worker;
    if (worker === undefined) {
      port.close();
    } else {
      worker.tellTopics(port);
    }
  }

  #require(sessionId: string): OpenSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) {
      throw endedFailure();
    }
    return session;
  }

  async #stop(sessionId: string, type: 'disconnect' | 'drop'): Promise<void> {
    const session = this.#require(sessionId);
    const { worker } = session;
    if (worker === undefined) {
      this.#setState(session, { kind: 'offline' }, undefined);
      return;
    }
    try {
      await worker.call({ type }, STOP_TIMEOUT);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== 'session.stuck') {
        throw error;
      }
      // The user wants out: a hung worker is replaced, and stays offline.
      session.state = { kind: 'offline' };
      worker.kill(failure);
    }
  }

  #startWorker(session: OpenSession): void {
    const { sessionId, profile, filled } = session;
    session.guard = profile.guard;
    session.worker = new SessionWorker(
      {
        sessionId,
        logBudget: profile.logBudget,
        scriptWorkerUrl: workerUrl('scripts').href,
        subscriptions: usableSubscriptions(filled),
        guard: profile.guard,
        rules: usableRules(filled),
        schemas: filled.profile.schemas,
        ...(filled.environment === undefined ? {} : { environment: filled.environment }),
      },
      {
        onMessage: (message) => this.#receive(session, message),
        onCrash: (failure) => this.#onCrash(session, failure),
      },
      this.#options.worker,
    );
  }

  #receive(session: OpenSession, message: Exclude<FromSession, { type: 'done' | 'ready' }>): void {
    if (!this.#sessions.has(session.sessionId)) {
      return;
    }
    switch (message.type) {
      case 'state':
        this.#setState(session, message.state, message.willArmed);
        break;
      case 'log':
        this.#options.onLog(session.sessionId, message.update);
        break;
      case 'notice':
        this.#options.onSessionNotice(message.notice);
        break;
      case 'proxyAsked':
        void this.#tellProxy(session.worker, message);
        break;
      case 'keyLog':
        this.#options.onKeyLog(session.profile, message.line);
        break;
    }
  }

  async #tellProxy(
    worker: SessionWorker | undefined,
    { ask, target }: Extract<FromSession, { readonly type: 'proxyAsked' }>,
  ): Promise<void> {
    try {
      const proxy = await this.#options.systemProxy(target);
      worker?.tell({ type: 'proxy', ask, ...(proxy === undefined ? {} : { proxy }) });
    } catch (error) {
      worker?.tell({ type: 'proxy', ask, failure: toFailure(error) });
    }
  }

  #setState(session: OpenSession, state: ConnectionState, willArmed: string | undefined): void {
    session.state = state;
    session.willArmed = willArmed;
    this.#listening.note(session, Date.now());
    this.#changed.fire();
  }

  #onCrash(session: OpenSession, failure: Failure): void {
    const { sessionId, profile } = session;
    this.#options.logger.log('error', 'A session worker ended', { sessionId, failure });
    this.#options.onLogClosed(sessionId);
    if (!this.#sessions.has(sessionId)) {
      return;
    }
    const wasActive = session.state.kind !== 'offline' && session.state.kind !== 'failed';
    const isHopeless = countCrash(session, Date.now());
    this.#options.onNotice(crashNotice(profile, failure, isHopeless));
    session.worker = undefined;
    if (isHopeless) {
      this.#setState(session, { kind: 'failed', failure, steps: [] }, undefined);
      return;
    }
    session.generation += 1;
    this.#startWorker(session);
    this.#setState(session, { kind: 'offline' }, undefined);
    if (wasActive) {
      void this.connectQuietly(sessionId);
    }
  }

  #sendSubscriptions(session: OpenSession, subscriptions: readonly Subscription[]): void {
    this.#listening.note(session, Date.now());
    // How the broker answers shows in the session's feed; a failure of the call itself is for the log.
    session.worker?.call({ type: 'subscriptions', subscriptions }, 60_000).catch((error: unknown) => {
      this.#options.logger.log('warning', 'Subscriptions were not taken over', { failure: toFailure(error) });
    });
  }
}
