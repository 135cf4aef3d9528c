import type { MqttVersion } from '#app/profile/profile.ts';
import {
  type Environment,
  hasVariables,
  missingVariableText,
  substitute,
  variablesOf,
} from '#app/profile/variables.ts';
import { checkTopic, type TopicCheck } from './draft.ts';

/** A topic as it is sent, judged; `note` shows it where it is another one than what was typed. */
export interface FilledTopic extends TopicCheck {
  readonly topic: string;
  readonly note: string | undefined;
}

/**
 * Fills the variables of the connection's environment in. Without an environment a topic is sent as it was typed, braces
 * and all: it may be one that really has them.
 */
export function fillTopic(
  typed: string,
  version: MqttVersion,
  environment: Environment | undefined,
): FilledTopic {
  if (!hasVariables(typed)) {
    return { topic: typed, note: undefined, ...checkTopic(typed, version) };
  }
  if (environment === undefined) {
    const check = checkTopic(typed, version);
    const warning = check.warning ?? 'The connection has no environment: variables are sent as they stand.';
    return { topic: typed, note: undefined, problem: check.problem, warning };
  }
  const { text, missing } = substitute(typed, variablesOf(environment));
  const first = missing[0];
  if (first !== undefined) {
    return {
      topic: text,
      note: undefined,
      problem: missingVariableText(first, environment),
      warning: undefined,
    };
  }
  return { topic: text, note: text, ...checkTopic(text, version) };
}
