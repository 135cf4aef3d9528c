import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Decoder, defaultReaderLimits } from '../decoder.ts';
import { fieldsOf, readMessage } from '../field-reader.ts';
import { encoded, type ReferenceMetric, START, startSession } from './sparkplug.fixture.ts';

const watch = { onBegin: () => {}, onEnd: () => {} };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) {
    close();
  }
});

function start(budget?: number) {
  const session = startSession(budget);
  open.push(() => {
    session.along.dispose();
    session.along.removeSession('s');
  });
  const decoder = new Decoder(session.logs, defaultReaderLimits, watch);
  return {
    ...session,
    async view(sequence: number) {
      const { decoded } = await decoder.view('s', sequence, 'auto');
      return {
        notes: decoded.notes,
        metrics: decoded.shape === 'text' ? Object.keys((JSON.parse(decoded.text) as Shown).metrics) : [],
      };
    },
  };
}

interface Shown {
  readonly metrics: object;
}

const message = (seq: number, ...metrics: ReferenceMetric[]) => encoded({ timestamp: START, seq, metrics });
const named = (name: string, alias: number): ReferenceMetric => ({ name, alias, type: 'Int32', value: 1 });
const aliased = (alias: number) => ({ alias, type: 'Int32', value: 2 }) satisfies ReferenceMetric;

describe('names of aliases', () => {
  it('come from the newest birth before the message, of the device before the node', async () => {
    const { receive, view } = start();
    const early = receive('spBv1.0/g/NDATA/n', message(9, aliased(1)));
    receive('spBv1.0/g/NBIRTH/n', message(0, named('uptime', 1), named('load', 2)));
    receive('spBv1.0/g/DBIRTH/n/d', message(1, named('speed', 1)));
    const first = receive('spBv1.0/g/DDATA/n/d', message(2, aliased(1), aliased(2), aliased(3)));
    const node = receive('spBv1.0/g/NDATA/n', message(3, aliased(1)));
    receive('spBv1.0/g/NBIRTH/n', message(0, named('renamed', 1)));
    const later = receive('spBv1.0/g/NDATA/n', message(1, aliased(1), aliased(2)));
    const other = receive('spBv1.0/g/NDATA/other', message(1, aliased(1)));
    expect(await view(first)).toEqual({
      metrics: ['speed', 'load', 'alias 3'],
      notes: ['1 metric is known by alias only. The birth does not name this alias.'],
    });
    expect((await view(node)).metrics).toEqual(['uptime']);
    expect((await view(later)).metrics).toEqual(['renamed', 'alias 2']);
    const nothing = {
      metrics: ['alias 1'],
      notes: ['1 metric is known by alias only. No birth from before this message is kept.'],
    };
    expect(await view(early)).toEqual(nothing);
    expect(await view(other)).toEqual(nothing);
  });

  it('outlive the stream with the newest birth of the topic', async () => {
    const { receive, view, logs } = start(4 * 1024 * 1024);
    receive('spBv1.0/g/NBIRTH/n', message(0, named('uptime', 1)));
    for (let index = 0; index < 3000; index += 1) {
      receive('noise', new Uint8Array(5000));
    }
    expect(logs.reader('s')?.firstSequence).toBeGreaterThan(1);
    const data = receive('spBv1.0/g/NDATA/n', message(1, aliased(1)));
    expect((await view(data)).metrics).toEqual(['uptime']);
  });

  it('are found in fields too, once they are known', async () => {
    const { receive, logs, idOf } = start();
    receive('spBv1.0/g/NBIRTH/n', message(0, named('uptime', 1)));
    const data = receive('spBv1.0/g/NDATA/n', message(1, aliased(1)));
    const reader = logs.reader('s');
    if (reader === undefined) {
      throw new Error('no log');
    }
    await logs.knowledge?.untilReady('s', reader, idOf('spBv1.0/g/NDATA/n'));
    const read = readMessage(reader, data);
    const fields = read === undefined ? undefined : fieldsOf(read, 'auto');
    expect(fields?.map(({ path }) => path)).toContain('metrics.uptime.value');
  });

  it('are found in compressed births, and compressed data is unpacked', async () => {
    const { receive, view } = start();
    const wrap = (inner: Uint8Array, algorithm: 'GZIP' | 'DEFLATE') =>
      encoded({
        timestamp: START,
        seq: 0,
        uuid: 'SPBV1.0_COMPRESSED',
        body: algorithm === 'GZIP' ? gzipSync(inner) : deflateSync(inner),
        metrics: [{ name: 'algorithm', type: 'String', value: algorithm }],
      });
    receive('spBv1.0/g/NBIRTH/n', wrap(message(0, named('uptime', 1)), 'GZIP'));
    const data = receive('spBv1.0/g/NDATA/n', wrap(message(1, aliased(1)), 'DEFLATE'));
    const { metrics, notes } = await view(data);
    expect(metrics).toEqual(['uptime']);
    expect(notes).toEqual([expect.stringMatching(/^Compressed \(DEFLATE\): \d+ B for \d+ B\.$/)]);
    // Bytes that are not of their kind are shown as they came.
    const broken = encoded({
      timestamp: START,
      seq: 1,
      uuid: 'SPBV1.0_COMPRESSED',
      body: new Uint8Array([1, 2, 3]),
      metrics: [{ name: 'algorithm', type: 'String', value: 'GZIP' }],
    });
    const shown = await view(receive('spBv1.0/g/NDATA/n', broken));
    expect(shown.notes[0]).toMatch(/^Its compressed body cannot be unpacked/);
    expect(shown.metrics).toEqual(['algorithm']);
  });
});
