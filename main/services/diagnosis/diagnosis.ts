import { Emitter } from '#app/base/event.ts';
import {
  capabilityReportText,
  connectionReportText,
  exposureReportText,
} from '#app/contract/connection-report.ts';
import { fail } from '#app/contract/failure.ts';
import type {
  CapabilityReport,
  ConnectionReport,
  DiagnosisProgress,
  ExposureReport,
  ExposureResult,
} from '#app/contract/operations/diagnosis.ts';
import type { Endpoint } from '#app/contract/session-state.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { DiagnosisOutcome, DiagnosisTask, ExposurePort } from '../../session/diagnosis/control.ts';
import type { ConnectionSettings } from '../../session/settings.ts';
import { type ThrowAwayOptions, throwAwaySettings } from '../../session/throw-away-settings.ts';
import { type RunningTask, startTask } from './diagnosis-worker.ts';
import { secretsOf, withoutSecretsIn, withoutValues } from './scrub.ts';

/** Runs at a time: each has a worker of its own. */
const MAX_RUNS = 8;

/** What is diagnosed, with its secrets filled in. */
export interface Subject {
  readonly settings: ConnectionSettings;
  readonly subscriptions: readonly Subscription[];
}

interface Run {
  readonly task: RunningTask;
  progress: DiagnosisProgress;
}

/** Tests connections, probes brokers and checks for plain-text ports, each in a throw-away worker. */
export class Diagnosis {
  readonly #runs = new Map<string, Run>();
  readonly #changed = new Emitter<void>();
  #isClosed = false;

  readonly onDidChange = this.#changed.event;

  /** For the feed: what a run does at the moment. */
  progressOf(runId: string): DiagnosisProgress {
    return this.#runs.get(runId)?.progress ?? { kind: 'none' };
  }

  /** Runs the ladder once, up to CONNACK, and disconnects. */
  async test(runId: string, subject: Subject, options: ThrowAwayOptions): Promise<ConnectionReport> {
    const { settings, notes } = throwAwaySettings(subject.settings, options);
    const at = Date.now();
    const { attempted } = await this.#run(runId, { kind: 'test', settings });
    const secrets = secretsOf(subject.settings);
    const isConnected = attempted.kind === 'connected';
    const failure = isConnected ? undefined : withoutSecretsIn(attempted.failure, secrets);
    const redirect = isConnected ? undefined : attempted.redirect;
    const found = {
      at,
      endpoint: isConnected ? attempted.endpoint : endpointOf(settings),
      steps: attempted.steps,
      ...(failure === undefined ? {} : { failure }),
      ...(redirect === undefined ? {} : { redirect }),
      ...(isConnected && attempted.tls !== undefined ? { tls: attempted.tls } : {}),
      ...(isConnected ? { connack: attempted.connack } : {}),
      notes,
    };
    const text = connectionReportText({ ...found, mqttVersion: settings.mqttVersion });
    return {
      ...found,
      outcome: isConnected ? 'connected' : 'failed',
      duration: attempted.steps.reduce((sum, { duration }) => sum + duration, 0),
      clientId: isConnected ? attempted.clientId : settings.clientId,
      reportText: withoutValues(text, secrets),
    };
  }

  /** What the broker can do: from CONNACK, from the answers to the profile's subscriptions, and from probes. */
  async capabilities(
    runId: string,
    subject: Subject,
    options: Omit<ThrowAwayOptions, 'armWill'> & { readonly allowPublish: boolean },
  ): Promise<CapabilityReport> {
    const throwAway = throwAwaySettings(subject.settings, { ...options, armWill: false });
    const at = Date.now();
    const outcome = await this.#run(runId, {
      kind: 'capabilities',
      settings: throwAway.settings,
      subscriptions: subject.subscriptions,
      allowPublish: options.allowPublish,
    });
    const { attempted, capabilities, subscriptions } = outcome;
    const secrets = secretsOf(subject.settings);
    const isConnected = attempted.kind === 'connected';
    const found = {
      at,
      endpoint: isConnected ? attempted.endpoint : endpointOf(throwAway.settings),
      steps: attempted.steps,
      ...(isConnected
        ? { connack: attempted.connack }
        : { failure: withoutSecretsIn(attempted.failure, secrets) }),
      capabilities,
      subscriptions,
      notes: [...throwAway.notes, ...outcome.notes],
    };
    return { ...found, reportText: withoutValues(capabilityReportText(found), secrets) };
  }

  /** Whether the profile's own host also serves clients without TLS. */
  async exposure(
    runId: string,
    subject: Subject,
    options: {
      readonly ports: readonly ExposurePort[];
      readonly withCredentials: boolean;
      readonly seconds: number;
    },
  ): Promise<ExposureReport> {
    checkExposable(subject.settings);
    const at = Date.now();
    const { results } = await this.#run(runId, { kind: 'exposure', ...subject, ...options });
    const { host } = subject.settings;
    const found = { at, host, ...summarise(host, results), results };
    return { ...found, reportText: withoutValues(exposureReportText(found), secretsOf(subject.settings)) };
  }

  cancel(runId: string): void {
    this.#runs.get(runId)?.task.cancel();
  }

  /** Ends all runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const tasks = [...this.#runs.values()].map(({ task }) => task);
    for (const task of tasks) {
      task.cancel();
    }
    await Promise.all(tasks.map(({ ended }) => ended));
  }

  async #run<T extends DiagnosisTask>(
    runId: string,
    task: T,
  ): Promise<Extract<DiagnosisOutcome, { readonly kind: T['kind'] }>> {
    if (this.#runs.has(runId)) {
      throw fail('diagnosis.run', 'There is a check under this id already.', 'Choose another id.');
    }
    if (this.#isClosed || this.#runs.size >= MAX_RUNS) {
      throw fail(
        'diagnosis.busy',
        'Too many checks are running already.',
        'Wait for one to end, or cancel it.',
      );
    }
    const run: Run = {
      task: startTask(task, (steps, doing) => {
        run.progress = { kind: 'running', steps, doing };
        this.#changed.fire();
      }),
      progress: { kind: 'running', steps: [], doing: 'Starting' },
    };
    this.#runs.set(runId, run);
    this.#changed.fire();
    // A run that was cancelled counts until its worker is gone.
    void run.task.ended.then(() => this.#runs.delete(runId));
    try {
      const outcome = await run.task.outcome;
      return outcome as Extract<DiagnosisOutcome, { readonly kind: T['kind'] }>;
    } finally {
      run.progress = { kind: 'none' };
      this.#changed.fire();
    }
  }
}

/** Where an attempt was to go that did not get there. */
function endpointOf({ protocol, host, port, path, proxy, socketPath }: ConnectionSettings): Endpoint {
  return {
    protocol,
    host,
    port,
    ...(protocol === 'ws' || protocol === 'wss' ? { path } : {}),
    ...(proxy === undefined ? {} : { proxy: { kind: proxy.kind, host: proxy.host, port: proxy.port } }),
    ...(socketPath === '' ? {} : { socketPath }),
  };
}

function checkExposable({ protocol, socketPath }: ConnectionSettings): void {
  if (protocol === 'mqtt' || protocol === 'ws') {
    throw fail(
      'exposure.plain',
      'This connection does without TLS: everything that it sends can be read on the way.',
      'Choose mqtts or wss in the connection if the broker offers it.',
    );
  }
  if (socketPath !== '') {
    throw fail(
      'exposure.local',
      'This connection uses a socket of this computer, so there is no host to check.',
    );
  }
}

function summarise(
  host: string,
  results: readonly ExposureResult[],
): Pick<ExposureReport, 'verdict' | 'summary'> {
  const [readable] = results.filter(({ outcome }) => outcome === 'readable');
  if (readable !== undefined) {
    const who = readable.login === 'anonymous' ? 'without any password' : 'with the password';
    return {
      verdict: 'exposed',
      summary: `TLS protects this connection, but not its messages: ${host} also hands them out in plain text at port ${readable.port}, ${who}.`,
    };
  }
  const open = results.find(({ outcome }) => outcome === 'open');
  if (open !== undefined) {
    return {
      verdict: 'reachable',
      summary: `${host} lets clients in without TLS at port ${open.port}. No message was seen there this time.`,
    };
  }
  if (results.every(({ outcome }) => outcome === 'notTried')) {
    return {
      verdict: 'unknown',
      summary: `${host} could not be reached, so nothing is known about it. Test the connection first.`,
    };
  }
  const asking = results.find(({ outcome }) => outcome === 'needsPassword');
  return {
    verdict: 'closed',
    summary:
      asking === undefined
        ? `Nothing could be read at ${host} without TLS at the ports that were tried.`
        : `Nothing could be read at ${host} without TLS. But it takes passwords in plain text at port ${asking.port}: clients that log in there can be overheard.`,
  };
}
