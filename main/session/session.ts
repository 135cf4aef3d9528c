import type { MessagePort } from 'node:worker_threads';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { type SubscriptionResult, sessionFeeds } from '#app/contract/feeds/session.ts';
import { sessionOperations } from '#app/contract/operations/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { createBrokerFeed } from './broker/broker-feed.ts';
import { createTalkersFeed } from './broker/talkers-feed.ts';
import { servePort } from './client-port.ts';
import type { Connector, ConnectorEvents } from './connector/connector.ts';
import type { FromSession, SessionInit, ToSession } from './control.ts';
import { shownValue } from './feeds/message-rows.ts';
import { createMessagesFeed } from './feeds/messages-feed.ts';
import { Pacer } from './feeds/pacer.ts';
import { createStatusFeed } from './feeds/status-feed.ts';
import { createSubscriptionsFeed } from './feeds/subscriptions-feed.ts';
import { TimeSlices } from './feeds/time-slices.ts';
import { createTopicFeed } from './feeds/topic-feed.ts';
import { createTreeFeed, createTreeHandlers, type TreeViews } from './feeds/tree-feed.ts';
import { Ingest } from './ingest.ts';
import { MessageLog } from './log/message-log.ts';
import { SessionNotices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { PacketRecorder } from './packets/packet-recorder.ts';
import { createPacketsFeed, createPacketsHandlers } from './packets/packets-feed.ts';
import { ProxyAsks } from './proxy-asks.ts';
import { PublishGuard } from './publish-guard.ts';
import { Retained } from './retained/retained.ts';
import { createRetainedFeed, createRetainedHandlers, type RetainedViews } from './retained/retained-feed.ts';
import { seenInLog } from './retained/seen-in-log.ts';
import { createRuleMatchesFeed } from './rules/rule-matches-feed.ts';
import { combinedLooks } from './rules/topic-looks.ts';
import { TopicRules } from './rules/topic-rules.ts';
import { SessionAutomation } from './session-automation.ts';
import { createMessageOperations } from './session-operations.ts';
import { SessionSubscriptions } from './session-subscriptions.ts';
import type { ConnectionSettings } from './settings.ts';
import { StagedPayloads } from './staged-payloads.ts';
import { SubscriptionMatches } from './subscription-matches.ts';
import { ConnectionMarks } from './timeline/connection-marks.ts';
import { createTimelineFeed, createTimelineHandlers } from './timeline/timeline-feed.ts';
import { tellTopics } from './topic-names.ts';
import { TreeExpansion } from './tree/expansion.ts';
import { TopicTree } from './tree/topic-tree.ts';
import { Announcements } from './will/announcements.ts';
import { createRehearsalFeed, createWillHandlers, Rehearsals, rehearsed } from './will/rehearsals.ts';

const IDLE: SubscriptionResult = { kind: 'idle' };

/**
 * One connection to one broker with all it received: connector, log, tree, and the contract for its clients.
 * Knows nothing of the thread it runs in; `post` reaches the main process.
 */
export class Session {
  readonly #sessionId: string;
  readonly #post: (message: FromSession) => void;
  readonly #tree = new TopicTree();
  readonly #pacer: Pacer;
  readonly #slices: TimeSlices;
  readonly #log: MessageLog;
  readonly #matches = new SubscriptionMatches((topicId) => this.#tree.topicOf(topicId));
  readonly #rules = new TopicRules((topicId) => this.#tree.topicOf(topicId));
  readonly #subscriptions = new SessionSubscriptions({
    connector: () => this.#connector,
    matches: this.#matches,
    onChange: () => this.#pacer.markDirty(),
  });
  readonly #expansion = new TreeExpansion(this.#tree);
  readonly #connections = new ConnectionMarks();
  readonly #views: TreeViews = new Map();
  readonly #retainedViews: RetainedViews = new Map();
  readonly #retained: Retained;
  readonly #packets: PacketRecorder;
  readonly #rehearsals: Rehearsals;
  readonly #ingest: Ingest;
  readonly #outbox: Outbox;
  readonly #announcements: Announcements;
  readonly #automation: SessionAutomation;
  readonly #connector: Connector;
  readonly #guard: PublishGuard;
  readonly #notices: SessionNotices;
  readonly #proxyAsks: ProxyAsks;
  readonly #ports = new Set<MessagePort>();
  readonly #sources;
  #state: ConnectionState = { kind: 'offline' };
  #willArmed: string | undefined;
  /** How often it was asked to connect. */
  #connects = 0;
  /** Of the last connect, for further connections to the same broker. */
  #settings: ConnectionSettings | undefined;
  /** Of the last connect: what was asked of the user is known nowhere else. */
  #signIn: Pick<ConnectionSettings, 'username' | 'password'> | undefined;

  constructor(
    init: SessionInit,
    createConnector: (events: ConnectorEvents) => Connector,
    post: (message: FromSession) => void,
  ) {
    this.#sessionId = init.sessionId;
    this.#guard = new PublishGuard(init.guard ?? 'none');
    this.#post = post;
    this.#proxyAsks = new ProxyAsks(post);
    this.#notices = new SessionNotices((notice) => post({ type: 'notice', notice }));
    this.#pacer = new Pacer((error) => this.#notices.warn('A view could not be updated.', toFailure(error)));
    this.#slices = new TimeSlices((error) =>
      this.#notices.warn('A search was given up. Change the filter to search again.', toFailure(error)),
    );
    const tree = this.#tree;
    const pacer = this.#pacer;
    const slices = this.#slices;
    const matches = this.#matches;
    const looks = combinedLooks(matches, this.#rules);
    const log = new MessageLog({
      budget: init.logBudget,
      newestReceived: (topicId) => tree.lastSequence(topicId),
      publish: (update) => post({ type: 'log', update }),
    });
    const onFailure = (failure: Failure) => this.#notices.warn('A message could not be kept.', failure);
    const ingest = new Ingest({ log, tree, matches, pacer, onFailure });
    this.#log = log;
    this.#ingest = ingest;
    this.#outbox = new Outbox(
      {
        connector: () => this.#connector,
        ingest,
        codecFor: (topic) => this.#rules.codecFor(topic),
        version: () =>
          this.#state.kind === 'connected' ? this.#state.mqttVersion : (this.#settings?.mqttVersion ?? '5.0'),
        onNotKept: (error) => this.#notices.warn('A published message could not be kept.', toFailure(error)),
      },
      init.environment,
    );
    this.#automation = new SessionAutomation({
      scriptWorkerUrl: init.scriptWorkerUrl,
      log,
      ingest,
      outbox: this.#outbox,
      guard: this.#guard,
      subscriptions: this.#subscriptions,
      pacer,
      state: () => this.#state,
      topicOf: (topicId) => tree.topicOf(topicId),
      codecFor: (topic) => this.#rules.codecFor(topic),
    });
    this.#announcements = new Announcements({
      outbox: this.#outbox,
      settings: () => this.#settings,
      isReadOnly: () => this.#guard.isReadOnly,
      warn: (message, failure) => this.#notices.warn(message, failure),
    });
    this.#retained = new Retained({
      createConnector,
      settings: () => (this.#state.kind === 'connected' ? this.#settings : undefined),
      seen: (topic, payload) => seenInLog(log, tree, topic, payload),
      now: () => ingest.now(),
      onChange: () => pacer.markDirty(),
    });
    this.#packets = new PacketRecorder({
      tap: (tap) => this.#connector.tap(tap),
      onChange: () => pacer.markDirty(),
      keepAlive: () => this.#settings?.keepAlive,
      state: () => this.#state,
    });
    this.#rehearsals = new Rehearsals({
      createConnector,
      connection: () => rehearsed(this.#state, this.#settings, this.#willArmed),
      state: () => this.#state,
      end: (how) => (how === 'cut' ? this.#connector.drop() : this.#connector.disconnect()),
      connect: (settings) => this.#connector.connect(settings),
      onBack: (from) => ingest.onGap(from, Date.now(), 'the last will was rehearsed'),
      onChange: () => pacer.markDirty(),
    });
    this.#sources = {
      packets: createPacketsFeed(this.#packets, pacer),
      broker: createBrokerFeed({
        log,
        tree,
        pacer,
        isSubscribed: () =>
          this.#subscriptions.own.some(({ enabled, filter }) => enabled && filter.startsWith('$SYS')),
      }),
      talkers: createTalkersFeed({ tree, pacer, slices, now: () => ingest.now(), since: ingest.now() }),
      retained: createRetainedFeed({
        retained: this.#retained,
        views: this.#retainedViews,
        rules: this.#rules,
        pacer,
        slices,
      }),
      status: createStatusFeed({
        ingest,
        tree,
        pacer,
        connection: () => ({ state: this.#state, willArmed: this.#willArmed }),
      }),
      ...this.#automation.sources,
      rehearsal: createRehearsalFeed(this.#rehearsals, pacer),
      timeline: createTimelineFeed({ log, pacer, connections: this.#connections, ingest }),
      ruleMatches: createRuleMatchesFeed({ tree, pacer, slices }),
      subscriptions: createSubscriptionsFeed({
        matches,
        pacer,
        resultOf: (subscriptionId) => this.#subscriptions.resultOf(subscriptionId) ?? IDLE,
      }),
      tree: createTreeFeed({
        tree,
        expansion: this.#expansion,
        views: this.#views,
        pacer,
        log,
        slices,
        preview: (sequence, topicId) => {
          const payload = log.payload(sequence);
          return payload === undefined ? undefined : shownValue(payload, looks, topicId);
        },
        looks,
        now: () => ingest.now(),
      }),
      messages: createMessagesFeed({ log, tree, matches: looks, pacer, slices }),
      topic: createTopicFeed({ log, tree, pacer }),
    };
    this.#connector = createConnector({
      onMessage: (topic, payload, packet) => ingest.onMessage(topic, payload, packet),
      onState: (state, willArmed) => this.#onState(state, willArmed),
      onSubscriptionResult: (subscriptionId, result) =>
        this.#subscriptions.noteResult(subscriptionId, result),
      onLost: (at, reason) => ingest.onLost(at, reason),
      onGap: (from, to, reason) => ingest.onGap(from, to, reason),
      systemProxy: (target) => this.#proxyAsks.ask(target),
      onKeyLog: (line) => post({ type: 'keyLog', line }),
    });
    this.#rules.setRules(init.rules ?? [], init.schemas);
    this.#subscriptions
      .set(init.subscriptions)
      .catch((error: unknown) =>
        this.#notices.warn('The saved subscriptions could not be taken over.', toFailure(error)),
      );
    post({ type: 'ready' });
  }

  /** Takes a message of the main process. Resolves when it has had its effect. */
  async handle(message: ToSession): Promise<void> {
    switch (message.type) {
      case 'attach':
        this.#attach(message.port);
        break;
      case 'connect':
        this.#rehearsals.interrupt();
        await this.#answer(message.call, () => this.#connect(message.settings, message.keepsSignIn === true));
        break;
      case 'disconnect':
        this.#rehearsals.interrupt();
        await this.#answer(message.call, () => this.#disconnect());
        break;
      case 'drop':
        this.#rehearsals.interrupt();
        await this.#answer(message.call, () => this.#connector.drop());
        break;
      case 'subscriptions':
        await this.#answer(message.call, () => this.#subscriptions.set(message.subscriptions));
        break;
      case 'guard':
        this.#guard.set(message.guard);
        this.#automation.look();
        if (message.guard === 'readOnly') {
          // The broker would publish it for us.
          this.#connector.disarmWill();
          this.#rehearsals.disarm();
        }
        break;
      case 'rules':
        this.#rules.setRules(message.rules, message.schemas);
        this.#pacer.markDirty();
        break;
      case 'environment':
        this.#outbox.environment = message.environment;
        break;
      case 'proxy':
        this.#proxyAsks.answer(message);
        break;
      case 'topics':
        tellTopics(this.#tree, message.port);
        break;
      case 'shutdown':
        await this.#shutdown();
        break;
    }
  }

  #connect(settings: ConnectionSettings, keepsSignIn: boolean): void | Promise<void> {
    const { username, password } = keepsSignIn && this.#signIn !== undefined ? this.#signIn : settings;
    this.#connects += 1;
    this.#signIn = { username, ...(password === undefined ? {} : { password }) };
    const { password: _, ...rest } = settings;
    this.#settings = { ...rest, ...this.#signIn };
    return this.#connector.connect(this.#settings);
  }

  async #disconnect(): Promise<void> {
    const connects = this.#connects;
    await this.#announcements.leave();
    // Whoever connected again meanwhile does not want that connection to end.
    if (connects === this.#connects) {
      await this.#connector.disconnect();
    }
  }

  async #answer(call: number, run: () => void | Promise<void>): Promise<void> {
    try {
      await run();
      this.#post({ type: 'done', call });
    } catch (error) {
      this.#post({ type: 'done', call, failure: toFailure(error) });
    }
  }

  #attach(port: MessagePort): void {
    const staged = new StagedPayloads();
    const handlers = {
      ...createMessageOperations(
        {
          log: this.#log,
          tree: this.#tree,
          matches: this.#matches,
          outbox: this.#outbox,
          guard: this.#guard,
          onCleared: () => this.#pacer.markDirty(),
        },
        staged,
      ),
      ...createRetainedHandlers(
        { retained: this.#retained, views: this.#retainedViews, pacer: this.#pacer },
        this.#guard,
        staged,
      ),
      ...this.#automation.handlers(staged),
      ...createTimelineHandlers(this.#log),
      ...createPacketsHandlers(this.#packets),
      ...createWillHandlers(this.#rehearsals, this.#guard),
      ...createTreeHandlers({ tree: this.#tree, expansion: this.#expansion, views: this.#views }),
    };
    const options = { operations: sessionOperations, handlers, feeds: sessionFeeds, sources: this.#sources };
    this.#ports.add(port);
    servePort(port, this.#sessionId, options, () => this.#ports.delete(port));
  }

  #onState(state: ConnectionState, willArmed: string | undefined): void {
    this.#state = state;
    this.#connections.note(state, this.#ingest.now());
    this.#packets.onState(state);
    this.#announcements.onState(state);
    this.#automation.look();
    if (state.kind === 'offline' || state.kind === 'disconnecting') {
      // Whoever disconnects wants no other connection to the broker to go on.
      void this.#retained.cancel();
    }
    this.#willArmed = willArmed;
    this.#post({ type: 'state', state, ...(willArmed === undefined ? {} : { willArmed }) });
    this.#pacer.markDirty();
  }

  async #shutdown(): Promise<void> {
    this.#automation.dispose();
    await this.#announcements.leave();
    await Promise.all([this.#connector.dispose(), this.#retained.dispose(), this.#rehearsals.dispose()]);
    this.#packets.dispose();
    this.#pacer.dispose();
    this.#slices.dispose();
    for (const port of [...this.#ports]) {
      port.close();
    }
  }
}
