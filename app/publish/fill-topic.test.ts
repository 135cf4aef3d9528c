import { describe, expect, it } from 'vitest';
import { variablesOf } from '../profile/variables.ts';
import { fillTopic } from './fill-topic.ts';

const north = { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] };

const generators = {
  now: 0,
  startedAt: 0,
  index: 4,
  random: () => 0,
  uuid: () => 'id',
  variables: variablesOf(north),
};

describe('fillTopic', () => {
  it('gives the topic that is sent, and shows it', () => {
    expect(fillTopic('{{site}}/set', '5.0', generators, true)).toEqual({
      topic: 'north/set',
      topics: ['north/set'],
      note: 'north/set',
      problem: undefined,
      warning: undefined,
    });
    expect(fillTopic('plain/set', '5.0', generators, true).note).toBeUndefined();
  });

  it('names a variable that is missing, and judges what comes out', () => {
    expect(fillTopic('{{line}}/set', '5.0', generators, true).problem).toContain('no variable “line”');
    const wild = { ...north, variables: [{ name: 'site', value: '#' }] };
    expect(
      fillTopic('{{site}}/set', '5.0', { ...generators, variables: variablesOf(wild) }, true).problem,
    ).toBeDefined();
  });

  it('sends braces as they stand where there is no environment, and says so', () => {
    const filled = fillTopic('{{site}}/set', '5.0', { ...generators, variables: new Map() }, false);
    expect(filled).toMatchObject({ topic: '{{site}}/set', problem: undefined });
    expect(filled.warning).toContain('as it stands');
  });

  it('fills generators in, and takes what stands for several topics apart', () => {
    expect(fillTopic('d/{{seq}}', '5.0', generators, false)).toMatchObject({ topic: 'd/5', note: 'd/5' });
    expect(fillTopic('{{site}}/line{1..3}/set', '5.0', generators, true)).toMatchObject({
      topic: 'north/line1/set',
      topics: ['north/line1/set', 'north/line2/set', 'north/line3/set'],
      note: '3 topics: north/line1/set … north/line3/set',
      problem: undefined,
    });
    const braces = { ...north, variables: [{ name: 'site', value: '{1..1000}' }] };
    const held = { ...generators, variables: variablesOf(braces) };
    expect(fillTopic('{{site}}/set', '5.0', held, true).topics).toEqual(['{1..1000}/set']);
    expect(fillTopic('{a,b}/{{site}}', '5.0', held, true).topics).toEqual(['a/{1..1000}', 'b/{1..1000}']);
    const list = {
      ...generators,
      variables: new Map([
        ['list', 'x,y'],
        ['span', '1..9'],
      ]),
    };
    expect(fillTopic('{a,b}{{{list}}}{{{span}}}', '5.0', list, true).topics).toEqual([
      'a{x,y}{1..9}',
      'b{x,y}{1..9}',
    ]);
    expect(fillTopic('a/{b,#}', '5.0', generators, true).problem).toBeDefined();
    expect(fillTopic('{1..5000}', '5.0', generators, true).problem).toContain('more than 1,000 topics');
  });
});

it('judges the same topic anew for another version of MQTT, and when it was a variable that held it', () => {
  const long = 'x'.repeat(40_000);
  expect(fillTopic(long, '5.0', generators, true).problem).toBeUndefined();
  expect(fillTopic(long, '3.1', generators, true).problem).toContain('MQTT 3.1');
  expect(fillTopic('a{1..2}', '5.0', generators, true).topics).toEqual(['a1', 'a2']);
  const held = { ...generators, variables: new Map([['site', 'a{1..2}']]) };
  expect(fillTopic('{{site}}', '5.0', held, true).topics).toEqual(['a{1..2}']);
  expect(fillTopic('a{1..2}', '5.0', generators, true).topics).toEqual(['a1', 'a2']);
});
