import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import type { LogReader } from '../../session/log/log-reader.ts';

type NamesOfMessage = (topicId: number, sequence: number) => AliasNames | undefined;

/** Logs are known by their session's id only where they are opened; messages are read from the log alone. */
const sources = new WeakMap<LogReader, NamesOfMessage>();

/** Says where the names of the aliases in the messages of a log come from. */
export function setNamesOf(reader: LogReader, namesOf: NamesOfMessage): void {
  sources.set(reader, namesOf);
}

/** What births say of a message's aliases; `undefined` where nothing does. */
export function namesOfMessage(reader: LogReader, topicId: number, sequence: number): AliasNames | undefined {
  return sources.get(reader)?.(topicId, sequence);
}
