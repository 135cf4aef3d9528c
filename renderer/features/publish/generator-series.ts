import type { GeneratorContext } from '#app/generate/generators.ts';
import { type Environment, variablesOf } from '#app/profile/variables.ts';
import { onDidForgetSession } from '#renderer/state/workspace.ts';

interface Series {
  readonly startedAt: number;
  index: number;
}

/** Where `{{seq}}` and `{{sine …}}` of each session stand. */
const series = new Map<string, Series>();
onDidForgetSession((sessionId) => series.delete(sessionId));

/** What generators make for the next message of a session, or one that comes `ahead` of it. */
export function generatorContext(
  sessionId: string,
  environment: Environment | undefined,
  ahead = 0,
): GeneratorContext {
  const now = Date.now();
  const { startedAt, index } = series.get(sessionId) ?? { startedAt: now, index: 0 };
  return {
    now,
    startedAt,
    index: index + ahead,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    variables: variablesOf(environment),
  };
}

/** So many messages were made. */
export function advanceSeries(sessionId: string, messages: number): void {
  const known = series.get(sessionId) ?? { startedAt: Date.now(), index: 0 };
  known.index += messages;
  series.set(sessionId, known);
}
