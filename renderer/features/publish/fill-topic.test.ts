import { describe, expect, it } from 'vitest';
import { fillTopic } from './fill-topic.ts';

const north = { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] };

describe('fillTopic', () => {
  it('gives the topic that is sent, and shows it', () => {
    expect(fillTopic('{{site}}/set', '5.0', north)).toEqual({
      topic: 'north/set',
      note: 'north/set',
      problem: undefined,
      warning: undefined,
    });
    expect(fillTopic('plain/set', '5.0', north).note).toBeUndefined();
  });

  it('names a variable that is missing, and judges what comes out', () => {
    expect(fillTopic('{{line}}/set', '5.0', north).problem).toContain('“North” has no variable {{line}}');
    const wild = { ...north, variables: [{ name: 'site', value: '#' }] };
    expect(fillTopic('{{site}}/set', '5.0', wild).problem).toBeDefined();
  });

  it('sends braces as they stand where there is no environment, and says so', () => {
    const filled = fillTopic('{{site}}/set', '5.0', undefined);
    expect(filled).toMatchObject({ topic: '{{site}}/set', problem: undefined });
    expect(filled.warning).toContain('as they stand');
  });
});
