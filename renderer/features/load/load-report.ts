import { formatBytes, formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import { formatEndpoint } from '#app/contract/connection-report.ts';
import type { LoadRun, LoadState } from '#app/contract/feeds/load.ts';
import { visibleText } from '#app/payload/visible-text.ts';

/** The state of a load test in a word. */
export const loadStateNames: Readonly<Record<LoadState, string>> = {
  running: 'Running',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Messages a second, with one decimal where that tells something: `99.8/s`, `10,731/s`. */
export function formatRate(rate: number): string {
  const rounded = Math.round(rate * 10) / 10;
  return rounded >= 1000 || Number.isInteger(rounded)
    ? `${formatCount(Math.round(rate))}/s`
    : `${rounded.toFixed(1)}/s`;
}

/** The payloads of a load test: how large they are, and where from. */
export function loadPayloadText({ asked, sizes }: Pick<LoadRun, 'asked' | 'sizes'>): string {
  if (asked.payloadSize !== undefined) {
    return `${formatQuantity(asked.payloadSize, 'byte')} each, of a fixed size`;
  }
  if (sizes === undefined) {
    return 'as composed';
  }
  const { least, most } = sizes;
  return least === most
    ? `${formatQuantity(most, 'byte')} each, as composed`
    : `${formatCount(least)} to ${formatQuantity(most, 'byte')}, as composed`;
}

/** Begun, and neither acknowledged nor refused: waits while the test runs, and is unanswered when it is over. */
export function unansweredOf({ pending, lost }: Pick<LoadRun, 'pending' | 'lost'>): number {
  return pending + lost;
}

/**
 * A load test as plain text for a ticket: what was asked for, what was reached, and where. Holds no payload and no
 * secret. `now`: milliseconds since the epoch.
 */
export function loadReport(run: LoadRun, connection: string, now: number): string {
  const { asked, latency, state, failure } = run;
  const acknowledges = asked.qos > 0;
  const lines: readonly (readonly [string, string])[] = [
    ['Connection', visibleText(connection)],
    ['Broker', `${visibleText(brokerText(run))}, MQTT ${run.mqttVersion}`],
    ['State', stateText(state, failure?.message)],
    ['Started', `${new Date(run.startedAt).toISOString()}, ${durationText(run, now)}`],
    ['Asked for', `${formatQuantity(asked.count, 'message')} at ${formatRate(asked.rate)}`],
    ['Topics', topicsText(run)],
    ['QoS', `${asked.qos}${asked.retain ? ', retained' : ''}`],
    ['Payload', payloadText(run)],
    ['In flight', inFlightText(run)],
    ['Sent', `${formatCount(run.begun)} of ${formatCount(asked.count)}`],
    ['Acknowledged', acknowledges ? formatCount(run.sent) : 'nothing is at QoS 0'],
    ...(acknowledges
      ? [[state === 'running' ? 'Waiting' : 'Unanswered', formatCount(unansweredOf(run))] as const]
      : []),
    ['Refused', formatCount(run.refused)],
    ...refusalLines(run).map((line) => ['', line] as const),
    ['Reached', `${formatRate(run.reachedRate)} of ${formatRate(asked.rate)}`],
    ...(latency === undefined
      ? []
      : ([
          [
            'Latency',
            `min ${formatDuration(latency.min)}, p50 ${formatDuration(latency.median)}, p90 ${formatDuration(latency.p90)}, p95 ${formatDuration(latency.p95)}, p99 ${formatDuration(latency.p99)}, max ${formatDuration(latency.max)} (to the acknowledgement of ${formatCount(latency.count)})`,
          ],
        ] as const)),
  ];
  const body = lines.map(([name, value]) => `${(name === '' ? '' : `${name}:`).padEnd(14)}${value}`);
  return `${['Topicscope load test', ...body].join('\n')}\n`;
}

function brokerText({ endpoint }: LoadRun): string {
  const { protocol, socketPath } = endpoint;
  return socketPath === undefined ? formatEndpoint(endpoint) : `${protocol}: ${socketPath}`;
}

function stateText(state: LoadState, failure: string | undefined): string {
  return failure === undefined ? loadStateNames[state] : `${loadStateNames[state]}: ${visibleText(failure)}`;
}

function durationText({ state, startedAt, endedAt }: LoadRun, now: number): string {
  const duration = formatDuration((endedAt ?? now) - startedAt);
  return state === 'running' ? `running for ${duration}` : `took ${duration}`;
}

function topicsText({ asked: { topic, topics } }: LoadRun): string {
  return topics > 1 ? `${formatCount(topics)}, ${visibleText(topic)}` : visibleText(topic);
}

function payloadText(run: LoadRun): string {
  const most = run.sizes?.most ?? 0;
  return most < 1000 ? loadPayloadText(run) : `${loadPayloadText(run)} (${formatBytes(most)})`;
}

function inFlightText({ asked, receiveMaximum }: LoadRun): string {
  const most = `at most ${formatCount(asked.inFlight)}`;
  return receiveMaximum === undefined
    ? most
    : `${most}; the broker takes ${formatCount(receiveMaximum)} (Receive Maximum)`;
}

/** How often each reason was given, and how many gave others. */
function refusalLines({ refused, refusals }: LoadRun): readonly string[] {
  const others = refused - refusals.reduce((sum, { count }) => sum + count, 0);
  return [
    ...refusals.map(
      ({ failure: { message, detail }, count }) =>
        `${formatCount(count)} × ${visibleText(message)}${detail === undefined ? '' : ` (${visibleText(detail)})`}`,
    ),
    ...(others > 0 ? [`${formatCount(others)} × other reasons`] : []),
  ];
}
