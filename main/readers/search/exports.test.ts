import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchQuerySchema } from '#app/contract/feeds/search.ts';
import type { SharedLogUpdate } from '../../session/log/shared-log.ts';
import { bytes, newLog } from '../readers.fixture.ts';
import { SessionLogs } from '../session-logs.ts';
import { rawFileName } from './export-writer.ts';
import { Exports } from './exports.ts';
import { TopicNamesOfSessions } from './topic-names.ts';

function setUp() {
  const logs = new SessionLogs();
  const log = newLog((update: SharedLogUpdate) => logs.apply('s', update));
  const names = new TopicNamesOfSessions(
    (_sessionId, port) => {
      port.on('message', (asked: { ids?: number[] }) => {
        const ids = asked.ids ?? [1, 2];
        port.postMessage({ ids, names: ids.map((id) => `t/${id}`), isAll: asked.ids === undefined });
      });
      port.unref();
    },
    () => {},
  );
  return { log, exports: new Exports(logs, names) };
}

async function whole(exports: Exports, exportId: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = exports.read(exportId);
    parts.push(part.bytes);
    if (part.isDone) {
      return Buffer.concat(parts);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('JSON lines hold every byte of every message that matches', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.string().map(bytes)), { maxLength: 20 }),
      async (payloads) => {
        const { log, exports } = setUp();
        payloads.forEach((payload, index) => {
          log.receive(payload, 1 + (index % 2));
        });
        const { exportId } = exports.open(
          's',
          { query: searchQuerySchema.parse({ topicFilter: 't/1' }) },
          'jsonl',
        );
        const lines = (await whole(exports, exportId))
          .toString()
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line));
        const back = lines.map(({ payload, payloadBase64 }) =>
          payload === undefined ? Buffer.from(payloadBase64, 'base64') : Buffer.from(payload),
        );
        expect(back.map((payload) => [...payload])).toEqual(
          payloads.filter((_, index) => index % 2 === 0).map((payload) => [...payload]),
        );
        exports.dispose();
      },
    ),
    { numRuns: 25 },
  );
});

test('chosen messages are written, and what is gone is counted; a closed export says so', async () => {
  const { log, exports } = setUp();
  const sequence = log.receive(bytes('=1+1'), 2);
  const { exportId } = exports.open('s', { sequences: [sequence, 99] }, 'csv');
  const text = (await whole(exports, exportId)).toString();
  expect(text.split('\r\n')[1]).toMatch(/^1,.*,received,t\/2,0,false,4,text,'=1\+1$/);
  expect(() => exports.read(exportId)).toThrow('This export was ended.');
  exports.dispose();
});

test('names of raw files lead nowhere', () => {
  fc.assert(
    fc.property(fc.string(), (topic) => {
      expect(rawFileName(1, topic)).toMatch(/^000000001_[\p{L}\p{N}._-]*\.bin$/u);
      expect(rawFileName(1, topic)).not.toContain('..b/');
    }),
  );
  expect(rawFileName(7, '../../etc/pass wd')).toBe('000000007_____etc_pass_wd.bin');
});
