import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exchanged, Pairing } from './pairing.ts';

let sequence = 0;
function message(topic: string, part: Partial<Exchanged> = {}): Exchanged {
  sequence += 1;
  return {
    sequence,
    at: sequence * 10,
    topicId: [...topic].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_003,
    topic,
    isPublished: false,
    isRetained: false,
    size: 4,
    ...part,
  };
}

function paired(messages: readonly Exchanged[], pairs: ConstructorParameters<typeof Pairing>[0] = []) {
  const pairing = new Pairing(pairs);
  for (const one of messages) {
    pairing.note(one);
  }
  return pairing.exchanges;
}

describe('Pairing', () => {
  it('ties an answer by its correlation data, whatever the order', () => {
    const first = message('rpc', { responseTopic: 'reply', correlation: 'aa' });
    const second = message('rpc', { responseTopic: 'reply', correlation: 'bb' });
    const answers = [message('reply', { correlation: 'bb' }), message('reply', { correlation: 'aa' })];
    const exchanges = paired([first, second, message('reply', { correlation: 'cc' }), ...answers]);
    expect(exchanges.map(({ request, answer }) => [request, answer])).toEqual([
      [first, answers[1]],
      [second, answers[0]],
    ]);
    expect(exchanges.every(({ lacksCorrelation }) => !lacksCorrelation)).toBe(true);
  });

  it('ties answers without correlation data in the order of the requests', () => {
    const requests = [message('rpc', { responseTopic: 'reply' }), message('rpc', { responseTopic: 'reply' })];
    const answers = [message('reply'), message('reply'), message('reply')];
    expect(paired([...requests, ...answers]).map(({ answer, by }) => [answer, by])).toEqual([
      [answers[0], 'response-topic'],
      [answers[1], 'response-topic'],
    ]);
  });

  it('marks an answer that did not bring the correlation data back', () => {
    const request = message('rpc', { responseTopic: 'reply', correlation: 'aa' });
    const answer = message('reply');
    expect(paired([request, answer])).toMatchObject([{ answer, lacksCorrelation: true }]);
  });

  it('counts further answers with the same correlation data', () => {
    const request = message('rpc', { responseTopic: 'reply', correlation: 'aa' });
    const answers = [1, 2, 3].map(() => message('reply', { correlation: 'aa' }));
    expect(paired([request, ...answers])).toMatchObject([{ answer: answers[0], count: 3 }]);
  });

  it('pairs topics, the first pair that fits, and goes by the response topic before them', () => {
    const pairs = [
      { request: 'line/+/set', response: 'line/+/state' },
      { request: 'line/#', response: 'never/#' },
    ];
    const request = message('line/7/set');
    const answer = message('line/7/state');
    const other = message('line/8/set', { responseTopic: 'elsewhere' });
    const exchanges = paired([request, message('line/8/state'), answer, other], pairs.slice(0, 1));
    expect(exchanges).toMatchObject([
      { request, answer, by: 'topics' },
      { request: other, responseTopic: 'elsewhere' },
    ]);
    expect(exchanges[1]?.answer).toBeUndefined();
    expect(paired([request], pairs)).toMatchObject([{ responseTopic: 'line/7/state' }]);
  });

  it('takes the copy that the broker sends of what was published here for what it is', () => {
    const properties = { responseTopic: 'reply', correlation: 'aa' };
    const request = message('rpc', { ...properties, isPublished: true });
    const answer = message('reply', { correlation: 'aa', isPublished: true });
    const echoes = [message('rpc', properties), message('reply', { correlation: 'aa' })];
    const exchanges = paired([request, echoes[0] ?? request, answer, echoes[1] ?? answer]);
    expect(exchanges).toHaveLength(1);
    expect(exchanges).toMatchObject([{ request, answer, count: 1 }]);
    // Sent again, it is another one.
    expect(paired([request, echoes[0] ?? request, message('rpc', properties)])).toHaveLength(2);
  });

  it('holds a bounded number, and forgets the older ones whole', () => {
    const pairing = new Pairing([], 10);
    const requests = Array.from({ length: 100 }, (_, index) =>
      message('rpc', { responseTopic: `reply/${index}`, correlation: 'aa' }),
    );
    for (const request of requests) {
      pairing.note(request);
    }
    expect(pairing.exchanges.map(({ request }) => request)).toEqual(requests.slice(-10));
    expect(pairing.dropped).toBeGreaterThanOrEqual(89);
    expect(pairing.isAwaited('reply/0')).toBe(false);
    expect(pairing.isAwaited('reply/99')).toBe(true);
  });

  it('agrees with a plain look back through all messages', () => {
    const kinds = fc.record({
      topic: fc.constantFrom('rpc', 'reply/a', 'reply/b'),
      responseTopic: fc.constantFrom(undefined, 'reply/a', 'reply/b'),
      correlation: fc.constantFrom(undefined, '01', '02'),
    });
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 40 }), (parts) => {
        const messages = parts.map(({ topic, ...part }) => message(topic, part));
        // Each message is the answer of the first request on it that is still open and has its correlation data;
        // without any it takes an older one's, of the correlation data that waited first.
        const open: { request: Exchanged; answer?: Exchanged }[] = [];
        const all: typeof open = [];
        for (const one of messages) {
          const here = open.filter(({ request }) => request.responseTopic === one.topic);
          const found =
            here.find(({ request }) => request.correlation === one.correlation) ??
            (one.correlation === undefined ? oldestGroup(here) : undefined);
          if (found !== undefined) {
            found.answer = one;
            open.splice(open.indexOf(found), 1);
          }
          if (one.responseTopic !== undefined && one.responseTopic !== one.topic) {
            const made = { request: one };
            open.push(made);
            all.push(made);
          }
        }
        expect(paired(messages).map(({ request, answer }) => [request.sequence, answer?.sequence])).toEqual(
          all.map(({ request, answer }) => [request.sequence, answer?.sequence]),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

function oldestGroup<T extends { request: Exchanged }>(here: readonly T[]): T | undefined {
  return here.find(({ request }) => request.correlation !== undefined);
}
