import { describe, expect, it } from 'vitest';
import { composeMessages } from '#app/publish/compose.ts';
import { MessageSeries } from '#app/publish/message-series.ts';
import { emptyTemplate, type MessageTemplate } from '#app/publish/message-template.ts';
import { programMessages } from './program-messages.ts';

const series = new MessageSeries({ now: () => 0, random: () => 0, uuid: () => 'id' });
const composed = (message: MessageTemplate) =>
  composeMessages(message, {
    version: '5.0',
    hasVariables: false,
    generators: (place) => series.context(undefined, place),
    codecFor: () => undefined,
  });
const draft = { ...emptyTemplate, topic: 'a', text: 'hidden', file: undefined };
const payloads = async (file: File | undefined) =>
  (await programMessages({ ...draft, file }, composed)).map(({ payload }) =>
    new TextDecoder().decode(payload),
  );

describe('the messages of a draft', () => {
  it('have the text that is written, or the bytes of the file that hides it', async () => {
    expect(await payloads(undefined)).toEqual(['hidden']);
    expect(await payloads(new File(['of a file'], 'a.bin'))).toEqual(['of a file']);
  });

  it('are refused where the file is too large', async () => {
    await expect(payloads(new File([new Uint8Array(300_000)], 'a.bin'))).rejects.toThrow('too large');
  });
});
