import { formatQuantity } from '../base/format.ts';
import { type GeneratorContext, generate, hasGenerators } from '../generate/generators.ts';
import { expandTopics, hasExpansion } from '../generate/topics.ts';
import type { MqttVersion } from '../profile/profile.ts';
import type { Environment } from '../profile/variables.ts';
import { checkTopic, type TopicCheck } from './topic-check.ts';

/** The topics that are published to, judged; `note` shows them where they are others than what was typed. */
export interface FilledTopic extends TopicCheck {
  /** The first of them. */
  readonly topic: string;
  readonly topics: readonly string[];
  readonly note: string | undefined;
}

/**
 * Fills generators and the variables of the connection's environment in, then takes `{1..10}` and `{a,b}` apart. What is
 * neither, without an environment, is sent as it was typed, braces and all: it may be a topic that really has them.
 */
export function fillTopic(
  typed: string,
  version: MqttVersion,
  environment: Environment | undefined,
  generators: GeneratorContext,
): FilledTopic {
  if (!hasGenerators(typed)) {
    return expanded(typed, typed, version);
  }
  const { text, problem } = generate(typed, generators);
  if (problem === undefined) {
    return expanded(text, typed, version);
  }
  if (environment === undefined) {
    const check = checkTopic(typed, version);
    const warning =
      check.warning ?? `${problem}: it is sent as it stands. The connection has no environment.`;
    return { topic: typed, topics: [typed], note: undefined, problem: check.problem, warning };
  }
  return { topic: text, topics: [text], note: undefined, problem: `${problem}.`, warning: undefined };
}

/** The last answer: whoever publishes many messages asks for the same topic again and again. */
let newest:
  | {
      readonly text: string;
      readonly typed: string;
      readonly version: MqttVersion;
      readonly filled: FilledTopic;
    }
  | undefined;

function expanded(text: string, typed: string, version: MqttVersion): FilledTopic {
  if (newest?.text !== text || newest.typed !== typed || newest.version !== version) {
    newest = { text, typed, version, filled: expand(text, typed, version) };
  }
  return newest.filled;
}

function expand(text: string, typed: string, version: MqttVersion): FilledTopic {
  // What a variable holds is a name, whatever stands in it: it may come from somebody else.
  if (!hasExpansion(typed) || !hasExpansion(text)) {
    return {
      topic: text,
      topics: [text],
      note: text === typed ? undefined : text,
      ...checkTopic(text, version),
    };
  }
  const { topics, problem } = expandTopics(text);
  const [first = text] = topics;
  if (problem !== undefined) {
    return { topic: text, topics: [text], note: undefined, problem, warning: undefined };
  }
  const wrong = topics
    .map((topic) => checkTopic(topic, version))
    .find((check) => check.problem !== undefined);
  const note = `${formatQuantity(topics.length, 'topic')}: ${first}${topics.length > 1 ? ` … ${topics.at(-1) ?? ''}` : ''}`;
  return { topic: first, topics, note, ...(wrong ?? checkTopic(first, version)) };
}
