import { describe, expect, it } from 'vitest';
import { pace, SESSION, silentPlant, soon } from './silence.fixture.ts';
import { SilenceScan } from './silence-scan.ts';

describe('SilenceScan', () => {
  it('follows a bounded number of topics and says how many it leaves out', () => {
    const names = Array.from({ length: 30 }, (_, index) => `t/${index}`);
    const plant = silentPlant(names);
    const reader = plant.sources.logs.reader(SESSION);
    const scan = new SilenceScan({ names: plant.sources.names.take(SESSION), maxTopics: 20 });
    for (let round = 0; round < 6; round++) {
      for (const name of names) {
        plant.wait(100);
        plant.receive(name);
      }
    }
    expect(reader).toBeDefined();
    if (reader !== undefined) {
      scan.advance(reader, [], soon());
    }
    expect(scan).toMatchObject({ leftOut: 10, progress: 1 });
    expect(scan.table.slots).toBe(20);
    expect(scan.table.usual(19)).toBe(3000);
  });

  it('waits for names without losing a row', () => {
    const plant = silentPlant(['a', 'b']);
    const known = new Map<number, string>();
    const wanted: number[][] = [];
    const scan = new SilenceScan({
      names: { get: (id) => known.get(id), want: (ids) => wanted.push([...ids]) },
    });
    pace(plant, 'a', 1000, 6);
    pace(plant, 'b', 1000, 6);
    const reader = plant.sources.logs.reader(SESSION);
    const advance = () => (reader === undefined ? undefined : scan.advance(reader, [], soon()));
    expect(advance()).toBe(false);
    expect(scan.table.slots).toBe(0);
    known.set(1, 'a');
    expect(advance()).toBe(false);
    expect(scan.topics).toEqual(['a']);
    expect(scan.progress).toBeLessThan(1);
    known.set(2, 'b');
    expect(advance()).toBe(false);
    expect(scan.topics.map((_, slot) => [scan.table.messages(slot), scan.table.usual(slot)])).toEqual([
      [6, 1000],
      [6, 1000],
    ]);
    expect(wanted).toEqual([[1, 2], [2]]);
  });
});
