import { describe, expect, it, vi } from 'vitest';
import { ruleCodec } from '#app/payload/rule-codec.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import type { Connector } from './connector/connector.ts';
import type { Ingest } from './ingest.ts';
import { Outbox } from './outbox.ts';

function newOutbox(acknowledged?: { at: number; reasonCode: number; reasonName: string }) {
  const onNotKept = vi.fn();
  const kept = vi.fn(() => 7);
  const publish = vi.fn((_message: unknown, onSent: (at: number) => void) => {
    onSent(5);
    return Promise.resolve({ sentAt: 5, ...(acknowledged === undefined ? {} : { acknowledged }) });
  });
  const outbox = new Outbox(
    {
      connector: () => ({ publish }) as unknown as Connector,
      ingest: { onPublished: kept } as unknown as Ingest,
      codecFor: () => ruleCodec({ id: 'template', template: 'u8 n' }),
      version: () => '5.0',
      onNotKept,
    },
    { id: 'e', name: 'North', variables: [{ name: 'site', value: 'north' }] },
  );
  return { outbox, kept, onNotKept, publish };
}
const message = { topic: 'a', payload: new Uint8Array(), qos: 1, retain: false, properties: {} } as const;

describe('Outbox', () => {
  it('keeps what it sends, and says how it ended', async () => {
    const acknowledged = { at: 9, reasonCode: 16, reasonName: 'No matching subscribers' };
    const { outbox } = newOutbox(acknowledged);
    await expect(outbox.publish(message)).resolves.toEqual({
      kind: 'acknowledged',
      sequence: 7,
      sentAt: 5,
      acknowledgedAt: 9,
      reasonCode: 16,
      reasonName: 'No matching subscribers',
    });
    await expect(newOutbox().outbox.publish(message)).resolves.toMatchObject({ kind: 'sent', sequence: 7 });
  });

  it('counts as sent what cannot be kept, and refuses a topic that cannot be published to', async () => {
    const { outbox, kept, onNotKept, publish } = newOutbox();
    kept.mockImplementation(() => {
      throw new Error('full');
    });
    await expect(outbox.publish(message)).resolves.toMatchObject({ kind: 'sent', sequence: 0 });
    expect(onNotKept).toHaveBeenCalledOnce();
    await expect(outbox.publish({ ...message, topic: 'a/#' })).rejects.toMatchObject({
      failure: { code: 'publish.topic' },
    });
    expect(publish).toHaveBeenCalledOnce();
  });

  it('makes the messages of a row, with the rule and the variables of the connection', () => {
    const { outbox } = newOutbox();
    const series = outbox.newSeries();
    const template = {
      ...emptyTemplate,
      topic: '{{site}}/{a,b}',
      format: 'rule' as const,
      text: '{"n": {{seq}}}',
    };
    const made = () => outbox.compose(template, series).map(({ topic, payload }) => [topic, ...payload]);
    expect(made()).toEqual([
      ['north/a', 1],
      ['north/b', 2],
    ]);
    expect(made()).toEqual([
      ['north/a', 3],
      ['north/b', 4],
    ]);
    outbox.environment = { id: 'e', name: 'South', variables: [{ name: 'site', value: 'south' }] };
    expect(made()[0]).toEqual(['south/a', 5]);
  });
});
