import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, SESSION, silentPlant, soon } from './silence.fixture.ts';
import { TopicSilenceFeed } from './topic-silence-feed.ts';

describe('TopicSilenceFeed', () => {
  it('tells one topic the same as all', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            wait: fc.integer({ min: 0, max: 5000 }),
            act: fc.constantFrom('a', 'a', 'a', 'b', 'retained', 'own', 'lose', 'back', 'only b'),
          }),
          { maxLength: 80 },
        ),
        (acts) => {
          const one = silentPlant(['a', 'b']);
          one.hear(['#']);
          const all = open(one);
          const single = new TopicSilenceFeed(one.sources, {
            sessionId: SESSION,
            topicId: 1,
            topic: 'a',
          });
          for (const { wait, act } of acts) {
            one.wait(wait);
            if (act === 'a' || act === 'b') {
              one.receive(act);
            } else if (act === 'retained') {
              one.receive('a', { retain: true });
            } else if (act === 'own') {
              one.publish('a', String(wait));
              one.receive('a', { text: String(wait) });
            } else if (act === 'lose') {
              one.hear(undefined);
            } else {
              one.hear(act === 'back' ? ['#'] : ['b']);
            }
            if (wait % 3 === 0) {
              single.advance(soon());
              all.feed.advance(soon());
            }
          }
          one.receive('a', { text: 'end' });
          one.wait(700);
          single.advance(soon());
          const row = all.look().rows.find(({ topic }) => topic === 'a');
          const { topicId: _, topic: __, ...rhythm } = row ?? { topicId: 1, topic: 'a' };
          expect(single.build(true)?.rhythm).toEqual(rhythm);
        },
      ),
    );
  });
});
