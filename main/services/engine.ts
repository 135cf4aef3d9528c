import type { MessagePort } from 'node:worker_threads';
import { contract } from '#app/contract/contract.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { AppInfo } from '#app/contract/operations/main.ts';
import { ContractServer, type FeedSources, type OperationHandlers } from '#app/contract/server.ts';
import { SHARED } from '#app/library/saved-message.ts';
import type { Profile } from '#app/profile/profile.ts';
import { autoConnect } from './auto-connect.ts';
import { type LooseSecrets, resolveSettings } from './connection-settings.ts';
import { profileFromUrl } from './connection-url.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { DemoSession } from './demo-session.ts';
import { Diagnosis } from './diagnosis/diagnosis.ts';
import { EnvironmentStore } from './environment-store.ts';
import { type JobsStore, openJobs } from './jobs-handlers.ts';
import { type LibraryStore, openLibrary } from './library/library-handlers.ts';
import { FileLogger, type Logger } from './logger.ts';
import { mainHandlers } from './main-handlers.ts';
import { KeyLogFiles } from './network/key-log-files.ts';
import { environmentProxy } from './network/resolve-proxy.ts';
import type { SystemProxy } from './network/system-proxy.ts';
import { Notices } from './notices.ts';
import { summarize } from './profile-limits.ts';
import { ProfileStore } from './profile-store.ts';
import { type ReadersOptions, ReadersPool } from './readers-pool.ts';
import { RecentsStore } from './recents-store.ts';
import { openReplyRules, type ReplyRulesStore } from './reply-rules-handlers.ts';
import { openScripts, type ScriptsStore } from './scripts-handlers.ts';
import { SecretKeeper } from './secret-keeper.ts';
import { SessionRegistry } from './session-registry.ts';
import type { SessionWorkerOptions } from './session-worker.ts';
import { SettingsStore } from './settings-store.ts';
import { Transfer } from './transfer/transfer.ts';
import { valueFeed } from './value-feed.ts';
import type { SecretVault } from './vault.ts';

type MainServer = ContractServer<typeof contract.main.operations, typeof contract.main.feeds>;

export interface EngineOptions {
  readonly host: AppInfo['host'];
  readonly version: string;
  readonly dataDirectory: string;
  readonly createVault: (
    directory: DataDirectory,
    onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
  ) => Promise<SecretVault>;
  /** Where the host knows more of the system's proxy than the environment says. */
  readonly systemProxy?: SystemProxy;
  /** For tests: other workers. */
  readonly workers?: { readonly session?: SessionWorkerOptions; readonly readers?: ReadersOptions };
}

/** All that a host serves, composed: stores, vault, sessions and readers of one data directory. */
export class Engine {
  readonly logger: Logger;
  readonly #directory: DataDirectory;
  readonly #notices: Notices;
  readonly #profiles: ProfileStore;
  readonly #environments: EnvironmentStore;
  readonly #settings: SettingsStore;
  readonly #recents: RecentsStore;
  readonly #jobs: JobsStore;
  readonly #library: LibraryStore;
  readonly #replyRules: ReplyRulesStore;
  readonly #scripts: ScriptsStore;
  readonly #secrets: SecretKeeper;
  readonly #transfer: Transfer;
  readonly #sessions: SessionRegistry;
  readonly #readers: ReadersPool;
  readonly #demo: DemoSession;
  readonly #diagnosis = new Diagnosis();
  readonly #keyLogs: KeyLogFiles;
  readonly #handlers: OperationHandlers<typeof contract.main.operations>;
  readonly #sources: FeedSources<typeof contract.main.feeds>;
  #closing: Promise<void> | undefined;

  private constructor(
    options: EngineOptions,
    parts: {
      readonly directory: DataDirectory;
      readonly logger: Logger;
      readonly notices: Notices;
      readonly vault: SecretVault;
      readonly profiles: ProfileStore;
      readonly environments: EnvironmentStore;
      readonly settings: SettingsStore;
      readonly recents: RecentsStore;
      readonly jobs: JobsStore;
      readonly library: LibraryStore;
      readonly replyRules: ReplyRulesStore;
      readonly scripts: ScriptsStore;
    },
  ) {
    const { directory, logger, notices, vault, profiles, environments, settings, recents, jobs, library } =
      parts;
    const { replyRules, scripts } = parts;
    this.logger = logger;
    this.#directory = directory;
    this.#notices = notices;
    this.#profiles = profiles;
    this.#environments = environments;
    this.#settings = settings;
    this.#recents = recents;
    this.#jobs = jobs;
    this.#library = library;
    this.#replyRules = replyRules;
    this.#scripts = scripts;
    this.#readers = new ReadersPool(logger, {
      ...options.workers?.readers,
      onTopics: (sessionId, port) => this.#sessions.tellTopics(sessionId, port),
    });
    const proxies = {
      settings: () => settings.current.proxy,
      vault,
      system: options.systemProxy ?? environmentProxy,
    };
    const resolve = async (profile: Profile, loose: LooseSecrets, from: SecretVault = vault) =>
      resolveSettings(environments.apply(profile), from, loose, proxies);
    this.#keyLogs = new KeyLogFiles((path, failure) =>
      notices.add({
        level: 'warning',
        message: `The key log could not be written to ${path}. ${failure.message}`,
        hint: `The connection goes on without it. ${failure.hint ?? ''}`.trim(),
        ...(failure.detail === undefined ? {} : { detail: failure.detail }),
      }),
    );
    this.#sessions = new SessionRegistry({
      fill: (profile) => environments.fill(profile),
      resolve,
      systemProxy: proxies.system,
      onNotice: (notice) => notices.add(notice),
      onSessionNotice: (notice) => notices.take(notice),
      onLog: (sessionId, update) => this.#readers.onLog(sessionId, update),
      onLogClosed: (sessionId) => this.#readers.onLogClosed(sessionId),
      onRules: (sessionId, rules, schemas) => this.#readers.onRules(sessionId, rules, schemas),
      onListening: (sessionId, change) => this.#readers.onListening(sessionId, change),
      onKeyLog: (profile, line) => this.#keyLogs.append(profile.tls.keyLogFile, line),
      logger,
      ...(options.workers?.session === undefined ? {} : { worker: options.workers.session }),
    });
    this.#secrets = new SecretKeeper(
      vault,
      logger,
      () =>
        profiles.isComplete
          ? [...profiles.all, ...profiles.deleted, ...this.#sessions.profiles, ...this.#transfer.kept]
          : undefined,
      () => refsOfSettings(settings),
    );
    this.#transfer = new Transfer({
      profiles,
      environments,
      secrets: this.#secrets,
      sessions: this.#sessions,
    });
    this.#demo = new DemoSession(this.#sessions);
    const info: AppInfo = {
      version: options.version,
      host: options.host,
      platform: process.platform,
      dataDirectory: directory.path,
      vault: vault.info,
    };
    this.#handlers = mainHandlers({
      info,
      profiles,
      environments,
      settings,
      recents,
      jobs,
      library,
      replyRules,
      scripts,
      vault,
      secrets: this.#secrets,
      sessions: this.#sessions,
      demo: this.#demo,
      transfer: this.#transfer,
      openUrl: (url) => this.openUrl(url),
      diagnosis: this.#diagnosis,
      resolve,
    });
    this.#sources = {
      profiles: valueFeed(() => ({ profiles: profiles.all.map(summarize) }), profiles.onDidChange),
      profile: valueFeed(({ profileId }) => {
        const profile = profiles.get(profileId);
        return profile === undefined ? {} : { profile };
      }, profiles.onDidChange),
      sessions: valueFeed(() => ({ sessions: this.#sessions.summaries }), this.#sessions.onDidChange),
      settings: valueFeed(() => settings.current, settings.onDidChange),
      environments: valueFeed(() => ({ environments: environments.all }), environments.onDidChange),
      diagnosis: valueFeed(({ runId }) => this.#diagnosis.progressOf(runId), this.#diagnosis.onDidChange),
      jobs: valueFeed(({ profileId }) => ({ jobs: jobs.list(profileId) }), jobs.onDidChange),
      library: valueFeed(({ ownerId }) => ({ messages: library.list(ownerId) }), library.onDidChange),
      replyRules: valueFeed(
        ({ profileId }) => ({ rules: replyRules.list(profileId) }),
        replyRules.onDidChange,
      ),
      keptScripts: valueFeed(({ profileId }) => ({ scripts: scripts.list(profileId) }), scripts.onDidChange),
      notices: valueFeed(() => ({ notices: notices.all }), notices.onDidChange),
    };
  }

  /** Takes the data directory and loads what is there. Throws `data.locked`, `file.read` and `file.write` failures. */
  static async open(options: EngineOptions): Promise<Engine> {
    const directory = await openDataDirectory(options.dataDirectory);
    try {
      const logger = new FileLogger({ path: directory.file('topicscope.log') });
      const notices = new Notices();
      const onNotice = (notice: Omit<Notice, 'id' | 'at'>) => {
        logger.log(notice.level, notice.message, { detail: notice.detail });
        notices.add(notice);
      };
      const vault = await options.createVault(directory, onNotice);
      const profiles = await ProfileStore.open(directory.file('profiles.json'), onNotice);
      const settings = await SettingsStore.open(directory.file('settings.json'), onNotice);
      const recents = await RecentsStore.open(directory.file('recents.json'));
      const environments = await EnvironmentStore.open(directory.file('environments.json'), onNotice);
      const jobs = await openJobs(directory.file('jobs.json'), onNotice);
      const scripts = await openScripts(directory.file('scripts.json'), onNotice);
      const replyRules = await openReplyRules(directory.file('replies.json'), onNotice);
      const library = await openLibrary(directory.file('library.json'), onNotice);
      const parts = {
        directory,
        logger,
        notices,
        vault,
        profiles,
        environments,
        settings,
        recents,
        jobs,
        library,
        replyRules,
        scripts,
      };
      const engine = new Engine(options, parts);
      await engine.#tidy();
      logger.log('info', 'Started', { version: options.version, host: options.host, node: process.version });
      return engine;
    } catch (error) {
      await directory.release();
      throw error;
    }
  }

  /** The end of the contract's target `main` for one client. */
  serveMain(send: (frame: Uint8Array) => void): MainServer {
    return new ContractServer(
      {
        operations: contract.main.operations,
        handlers: this.#handlers,
        feeds: contract.main.feeds,
        sources: this.#sources,
      },
      'main',
      send,
    );
  }

  /** A port for one client's frames for `readers` or a session, or why there is none. */
  attach(target: string): MessagePort | Failure {
    return target === 'readers' ? this.#readers.attach() : this.#sessions.attach(target);
  }

  /** Tells every window something; also those that come later. */
  notify(notice: Omit<Notice, 'id' | 'at'>): void {
    this.#notices.add(notice);
  }

  /** Opens and connects the profiles that are marked so. Returns when their tabs are there; never throws. */
  autoConnect(): void {
    autoConnect({
      profiles: this.#profiles,
      environments: this.#environments,
      sessions: this.#sessions,
      onNotice: (notice) => this.notify(notice),
    });
  }

  /** Opens the demo, as from the command line. */
  openDemo(): Promise<string> {
    return this.#demo.open();
  }

  /** Opens and connects a URL, as from the command line. Throws `url.*` failures. */
  async openUrl(url: string): Promise<string> {
    const { profile, password } = profileFromUrl(url);
    const sessionId = this.#sessions.open(profile, {
      temporary: true,
      ...(password === undefined ? {} : { loose: { password } }),
    });
    await this.#sessions.connect(sessionId);
    return sessionId;
  }

  /** Disconnects all sessions, flushes all files and gives the directory free. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sessions.closeAll().catch((error: unknown) => this.#logFailure('closing sessions', error));
    await this.#demo.close().catch((error: unknown) => this.#logFailure('closing the demo broker', error));
    await this.#readers.close();
    await this.#diagnosis.close();
    await this.#keyLogs.flush();
    await Promise.all([
      this.#profiles.flush(),
      this.#environments.flush(),
      this.#settings.flush(),
      this.#recents.flush(),
      this.#jobs.flush(),
      this.#library.flush(),
      this.#replyRules.flush(),
      this.#scripts.flush(),
    ]);
    this.#profiles.forgetDeleted();
    await this.#tidy();
    this.logger.log('info', 'Ended');
    await this.logger.flush();
    await this.#directory.release();
  }

  /** Drops secrets and recent messages of profiles that are gone, unless there may be profiles that could not be read. */
  async #tidy(): Promise<void> {
    if (!this.#profiles.isComplete) {
      return;
    }
    await this.#secrets.tidy();
    const profileIds = new Set(this.#profiles.all.map(({ id }) => id));
    await this.#recents
      .retain(profileIds)
      .catch((error: unknown) => this.#logFailure('recent messages', error));
    await this.#jobs.retain(profileIds).catch((error: unknown) => this.#logFailure('jobs', error));
    await this.#scripts.retain(profileIds).catch((error: unknown) => this.#logFailure('scripts', error));
    await this.#replyRules
      .retain(profileIds)
      .catch((error: unknown) => this.#logFailure('rules for replies', error));
    await this.#library
      .retain(new Set([...profileIds, SHARED]))
      .catch((error: unknown) => this.#logFailure('saved messages', error));
  }

  #logFailure(what: string, error: unknown): void {
    this.logger.log('warning', `Failed: ${what}`, { failure: toFailure(error) });
  }
}

/** Vault refs that the settings need; undefined while it is not known. */
function refsOfSettings({ isComplete, current }: SettingsStore): readonly string[] | undefined {
  const { passwordRef } = current.proxy;
  return isComplete ? (passwordRef === undefined ? [] : [passwordRef]) : undefined;
}
