import type { GeneratorContext } from '#app/generate/generators.ts';
import type { Environment } from '#app/profile/variables.ts';
import { MessageSeries } from '#app/publish/message-series.ts';
import { onDidForgetSession } from './workspace.ts';

/** Where the composer of each session stands. */
const seriesOf = new Map<string, MessageSeries>();
onDidForgetSession((sessionId) => seriesOf.delete(sessionId));

function seriesFor(sessionId: string): MessageSeries {
  const known = seriesOf.get(sessionId);
  if (known !== undefined) {
    return known;
  }
  const series = new MessageSeries({ now: Date.now, random: Math.random, uuid: () => crypto.randomUUID() });
  seriesOf.set(sessionId, series);
  return series;
}

/** What generators make for the next message of a session, or one that comes `ahead` of it. */
export function generatorContext(
  sessionId: string,
  environment: Environment | undefined,
  ahead = 0,
): GeneratorContext {
  return seriesFor(sessionId).context(environment, ahead);
}

/** So many messages were made. */
export function advanceSeries(sessionId: string, messages: number): void {
  seriesFor(sessionId).advance(messages);
}
