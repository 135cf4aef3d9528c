import { describe, expect, it } from 'vitest';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import { formatRate, loadReport } from './load-report.ts';

const run: LoadRun = {
  state: 'done',
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 15),
  asked: {
    count: 1200,
    rate: 120,
    inFlight: 100,
    topic: 'line{1..12}/set',
    topics: 12,
    qos: 1,
    retain: false,
  },
  endpoint: { protocol: 'mqtts', host: 'broker.example', port: 8883, address: '192.0.2.7' },
  mqttVersion: '5.0',
  receiveMaximum: 20,
  sizes: { least: 12, most: 40 },
  reachedRate: 119.84,
  begun: 1200,
  pending: 0,
  sent: 1190,
  refused: 10,
  lost: 0,
  refusals: [
    {
      failure: {
        code: 'publish.refused',
        message: 'The broker’s quota is used up.',
        detail: '0x97 Quota exceeded',
      },
      count: 8,
    },
  ],
  latency: { count: 1190, min: 0.4, median: 1.2, p90: 2.1, p95: 3, p99: 8, max: 40 },
  distribution: [],
};

describe('the report of a load test', () => {
  it('says what was asked for, what was reached, and where', () => {
    expect(loadReport(run, 'Plant A', 0)).toBe(
      [
        'Topicscope load test',
        'Connection:   Plant A',
        'Broker:       mqtts://broker.example:8883 (192.0.2.7), MQTT 5.0',
        'State:        Done',
        'Started:      2026-01-02T03:04:05.000Z, took 10 s',
        'Asked for:    1,200 messages at 120/s',
        'Topics:       12, line{1..12}/set',
        'QoS:          1',
        'Payload:      12 to 40 bytes, as composed',
        'In flight:    at most 100; the broker takes 20 (Receive Maximum)',
        'Sent:         1,200 of 1,200',
        'Acknowledged: 1,190',
        'Unanswered:   0',
        'Refused:      10',
        '              8 × The broker’s quota is used up. (0x97 Quota exceeded)',
        '              2 × other reasons',
        'Reached:      119.8/s of 120/s',
        'Latency:      min 0.4 ms, p50 1.2 ms, p90 2.1 ms, p95 3.0 ms, p99 8.0 ms, max 40 ms (to the acknowledgement of 1,190)',
        '',
      ].join('\n'),
    );
  });

  it('says of one that runs for how long, and of one that broke off why', () => {
    const { endedAt: _, ...open } = run;
    expect(loadReport({ ...open, state: 'running' }, 'a', run.startedAt + 2000)).toContain(
      'running for 2.0 s',
    );
    const failure = { code: 'load.offline', message: 'The connection was lost.' };
    expect(loadReport({ ...run, state: 'failed', failure }, 'a', 0)).toContain(
      'Failed: The connection was lost.',
    );
  });

  it('keeps to one line for what a name or topic holds, and tells of QoS 0 that nothing is acknowledged', () => {
    const { latency: _, ...unmeasured } = run;
    const text = loadReport(
      { ...unmeasured, asked: { ...run.asked, qos: 0, topic: 'a\nb', topics: 1, payloadSize: 1 } },
      'x\ny',
      0,
    );
    expect(text.split('\n')).toHaveLength(17);
    expect(text).toContain('1 byte each, of a fixed size');
    expect(text).toContain('nothing is at QoS 0');
    expect(text).not.toMatch(/Unanswered|Latency/);
  });
});

it('tells a rate as exactly as it says something', () => {
  expect([0, 0.5, 100, 99.96, 99.84, 1234.5].map(formatRate)).toEqual([
    '0/s',
    '0.5/s',
    '100/s',
    '100/s',
    '99.8/s',
    '1,235/s',
  ]);
});
