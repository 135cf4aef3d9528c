import type { automationOperations } from '#app/contract/operations/automation.ts';
import type { loadOperations } from '#app/contract/operations/load.ts';
import type { repliesOperations } from '#app/contract/operations/replies.ts';
import type { requestOperations } from '#app/contract/operations/requests.ts';
import type { scriptsOperations } from '#app/contract/operations/scripts.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { Pacer } from './feeds/pacer.ts';
import type { Ingest } from './ingest.ts';
import { createLoadFeed, createLoadHandlers, Loads } from './load/loads.ts';
import type { MessageLog } from './log/message-log.ts';
import type { Outbox } from './outbox.ts';
import type { PublishGuard } from './publish-guard.ts';
import { createJobHandlers, createJobRunsFeed, PublishJobs } from './publish-jobs/publish-jobs.ts';
import { AutoReplies } from './replies/auto-replies.ts';
import { createRepliesFeed, createRepliesHandlers, keptRequest } from './replies/replies-feed.ts';
import { createRequestHandlers, RequestCalls } from './requests/request-calls.ts';
import { createScriptHandlers, createScriptsFeed } from './scripts/scripts-feed.ts';
import { SessionScripts } from './scripts/session-scripts.ts';
import type { SessionSubscriptions } from './session-subscriptions.ts';
import type { StagedPayloads } from './staged-payloads.ts';

export interface SessionAutomationDependencies {
  /** Of the worker that a script runs in. */
  readonly scriptWorkerUrl: string | undefined;
  readonly log: MessageLog;
  readonly ingest: Ingest;
  readonly outbox: Outbox;
  readonly guard: PublishGuard;
  readonly subscriptions: SessionSubscriptions;
  readonly pacer: Pacer;
  readonly state: () => ConnectionState;
  readonly topicOf: (topicId: number) => string;
  /** How the rules say that messages on a topic are written. */
  readonly codecFor: (topic: string) => Codec | undefined;
}

type Operations = typeof automationOperations &
  typeof loadOperations &
  typeof repliesOperations &
  typeof requestOperations &
  typeof scriptsOperations;

/** MQTT 5.0 section 3.2.2.3.3: how many there are where the broker says nothing. */
const ALL_PACKET_IDS = 65_535;

/** What publishes by itself: jobs, load tests, replies, requests that wait for their answers, and scripts. */
export class SessionAutomation {
  readonly #dependencies: SessionAutomationDependencies;
  readonly #jobs: PublishJobs;
  readonly #loads: Loads;
  readonly #replies: AutoReplies;
  readonly #requests: RequestCalls;
  readonly #scripts: SessionScripts;
  #wasConnected = false;

  constructor(dependencies: SessionAutomationDependencies) {
    this.#dependencies = dependencies;
    const { log, ingest, outbox, guard, subscriptions, pacer, topicOf, codecFor } = dependencies;
    const connection = () => {
      const state = dependencies.state();
      return state.kind === 'connected' ? state : undefined;
    };
    const isConnected = () => connection() !== undefined;
    const onChange = () => pacer.markDirty();
    const requestOf = (sequence: number) => keptRequest(log, topicOf, sequence);
    const resultOf = (subscriptionId: string) => subscriptions.resultOf(subscriptionId);
    const messages = { ingest, outbox, requestOf, topicOf };
    this.#jobs = new PublishJobs({
      outbox,
      isConnected,
      receiveMaximum: () => connection()?.connack.receiveMaximum ?? ALL_PACKET_IDS,
      onChange,
    });
    this.#loads = new Loads({ outbox, guard, connection, onChange });
    this.#replies = new AutoReplies({ ...messages, codecFor, onChange });
    this.#requests = new RequestCalls({
      ...messages,
      guard,
      subscriptions: () => subscriptions.own,
      setTemporary: (wanted) => subscriptions.setTemporary('requests', wanted),
      resultOf,
    });
    this.#scripts = new SessionScripts({
      ...messages,
      workerUrl: dependencies.scriptWorkerUrl,
      isConnected,
      setTemporary: (wanted) => subscriptions.setTemporary('scripts', wanted),
      resultOf,
      codecFor,
      onChange,
    });
  }

  get sources() {
    const { pacer } = this.#dependencies;
    return {
      jobRuns: createJobRunsFeed(this.#jobs, pacer),
      loadRun: createLoadFeed(this.#loads, pacer),
      replies: createRepliesFeed(this.#replies, pacer),
      scripts: createScriptsFeed(this.#scripts, pacer),
    };
  }

  /** For one client. */
  handlers(staged: StagedPayloads): OperationHandlers<Operations> {
    const { guard } = this.#dependencies;
    return {
      ...createJobHandlers(this.#jobs, guard, staged),
      ...createLoadHandlers(this.#loads),
      ...createRepliesHandlers(this.#replies, guard),
      ...createRequestHandlers(this.#requests),
      ...createScriptHandlers(this.#scripts, guard),
    };
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    const isConnected = this.#dependencies.state().kind === 'connected';
    if (isConnected !== this.#wasConnected) {
      this.#wasConnected = isConnected;
      if (isConnected) {
        this.#scripts.connected();
      } else {
        this.#scripts.disconnected();
      }
    }
    this.#jobs.look();
    this.#loads.look();
  }

  /** For good: the session ends. */
  dispose(): void {
    this.#jobs.stop();
    this.#loads.stop();
    this.#replies.stop();
    this.#requests.dispose();
    this.#scripts.stop();
  }
}
