import type { Codec } from '#app/payload/codec.ts';
import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import type { LogReader } from '../session/log/log-reader.ts';

/** What is known of the messages of a log beside what stands in it. */
export interface MessageContext {
  /** Is all known of a topic that its messages are read with? If not, it is asked for. */
  isReady(topicId: number): boolean;
  /** What births say of a message's aliases; `undefined` where nothing does. */
  aliasesOf(topicId: number, sequence: number): AliasNames | undefined;
  /** The codec that a rule names for the topic; `undefined` where none does. */
  ruledCodec(topicId: number): Codec | undefined;
}

/** Logs are known by their session's id only where they are opened; messages are read from the log alone. */
const contexts = new WeakMap<LogReader, MessageContext>();

/** Says where what is known of the messages of a log comes from. */
export function setContextOf(reader: LogReader, context: MessageContext): void {
  contexts.set(reader, context);
}

/** What is known of the messages of a log; nothing, where nobody said. */
export function contextOf(reader: LogReader): MessageContext {
  return contexts.get(reader) ?? noContext;
}

/** Where nothing is known but what stands in the log. */
export const noContext: MessageContext = {
  isReady: () => true,
  aliasesOf: () => undefined,
  ruledCodec: () => undefined,
};
