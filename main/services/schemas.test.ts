import { describe, expect, it } from 'vitest';
import { newRule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();
const schema = (id: string, text: string): PayloadSchema => ({
  id,
  name: `Schema ${id}`,
  kind: 'protobuf',
  files: [{ path: `${id}.proto`, text }],
});

const open = async () => {
  const rules = [newRule('a', { codec: { id: 'protobuf', schema: 'one', type: 'A' } })];
  await running.save({ id: 'p', rules });
  const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
  return {
    sessionId,
    keep: (kept: PayloadSchema) => running.client.main('schemas.keep', { sessionId, schema: kept }),
    remove: (schemaId: string) => running.client.main('schemas.remove', { sessionId, schemaId }),
    kept: async () => (await running.profiles())[0]?.schemas,
    given: async () => (await running.given(sessionId)).schemas?.map(({ id }) => id),
  };
};

describe('schemas', () => {
  it('are kept with the profile, over a restart, and replaced by their id', async () => {
    const { keep, kept } = await open();
    await keep(schema('one', 'message A {}'));
    await keep(schema('two', 'message B {}'));
    await keep({ ...schema('one', 'message C {}'), files: [{ path: 'c.desc', base64: 'CgA=' }] });
    const expected = [
      { ...schema('one', ''), files: [{ path: 'c.desc', base64: 'CgA=' }] },
      schema('two', 'message B {}'),
    ];
    expect(await kept()).toEqual(expected);
    await running.stop();
    await running.start();
    expect(await kept()).toEqual(expected);
    const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
    await running.client.main('schemas.remove', { sessionId, schemaId: 'two' });
    expect((await kept())?.map(({ id }) => id)).toEqual(['one']);
  });

  it('go to the session, whether a rule names them or not: one may be tried', async () => {
    const { keep, remove, given } = await open();
    expect(await given()).toEqual([]);
    await keep(schema('one', 'message A {}'));
    await keep(schema('two', 'message B {}'));
    expect(await given()).toEqual(['one', 'two']);
    await remove('one');
    expect(await given()).toEqual(['two']);
  });

  it('that are too large are refused with their size, and change nothing', async () => {
    const { keep, kept } = await open();
    expect(await failureOf(keep(schema('large', 'é'.repeat(600_000))))).toMatchObject({
      code: 'schemas.size',
      message: 'A schema may take 1.0 MB; “Schema large” takes 1.2 MB.',
    });
    for (let index = 0; index < 4; index++) {
      await keep(schema(`s${index}`, 'x'.repeat(990_000)));
    }
    expect(await failureOf(keep(schema('more', 'x'.repeat(50_000))))).toMatchObject({
      code: 'schemas.size',
      message: expect.stringContaining('may take 4.0 MB together'),
    });
    expect(await kept()).toHaveLength(4);
  });
});
