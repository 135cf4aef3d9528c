import { describe, expect, it } from 'vitest';
import { newRule, type Rule } from '#app/profile/rules.ts';
import { failureOf, RunningEngine } from './running-engine.fixture.ts';

const running = new RunningEngine();
const open = async (rules: Rule[]) => {
  await running.client.main('environments.save', {
    environment: { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] },
  });
  await running.save({ id: 'p', environmentId: 'e', rules });
  const { sessionId } = await running.client.main('sessions.open', { profileId: 'p' });
  const change = (next: Rule[]) => running.client.main('rules.change', { sessionId, rules: next });
  const given = async () => (await running.given(sessionId)).rules?.map(({ filter }) => filter);
  const told = async () =>
    (await running.client.readers('view.open', {
      sessionId: 's',
      sequence: 1,
      codec: 'auto',
    })) as unknown as {
      readonly told: readonly string[];
    };
  return { sessionId, change, given, told };
};

describe('rules', () => {
  it('go to the session and to the readers, filled in, without those that are off', async () => {
    const { sessionId, change, given, told } = await open([newRule('{{site}}/+')]);
    expect(await given()).toEqual(['north/+']);
    expect((await told()).told).toContain(`${sessionId} rules north/+`);
    await change([newRule('a', { enabled: false }), newRule('{{site}}/b'), newRule('c')]);
    expect(await given()).toEqual(['north/b', 'c']);
    expect((await told()).told).toContain(`${sessionId} rules north/b,c`);
    await running.client.main('environments.save', {
      environment: { id: 'e', name: 'North', variables: [{ name: 'site', value: 'south' }] },
    });
    expect(await given()).toEqual(['south/b', 'c']);
    await running.client.main('sessions.close', { sessionId });
    expect((await told()).told).toContain(`${sessionId} rules `);
  });

  it('are kept with the profile, over a restart, in their order', async () => {
    const { change } = await open([]);
    const rules = [
      newRule('b', { label: 'B', color: 'red', unit: 'm', muted: true }),
      newRule('{{site}}/a', { codec: { id: 'hex' } }),
    ];
    await change(rules);
    await running.stop();
    await running.start();
    expect((await running.profiles())[0]?.rules).toEqual(rules);
  });

  it('with a wrong filter, a wrong template or the same id are refused, and change nothing', async () => {
    const kept = newRule('a');
    const { change } = await open([kept]);
    expect(await failureOf(change([newRule('a/#/b')]))).toMatchObject({ code: 'rules.filter' });
    expect(await failureOf(change([kept, { ...newRule('b'), id: kept.id }]))).toMatchObject({
      code: 'rules.twice',
    });
    expect(
      await failureOf(change([newRule('a', { codec: { id: 'template', template: 'u16 a' } })])),
    ).toMatchObject({
      code: 'template.syntax',
      message: expect.stringContaining('character 1'),
    });
    expect(await failureOf(change([newRule('')]))).toMatchObject({ code: 'contract.input' });
    expect((await running.profiles())[0]?.rules).toEqual([kept]);
  });
});
