import { formatQuantity } from '../base/format.ts';
import { type GeneratorContext, generate, hasGenerators } from '../generate/generators.ts';
import { expandTopics, hasExpansion } from '../generate/topics.ts';
import type { MqttVersion } from '../profile/profile.ts';
import { checkTopic, type TopicCheck } from './topic-check.ts';

/** The topics that are published to, judged; `note` shows them where they are others than what was typed. */
export interface FilledTopic extends TopicCheck {
  /** The first of them. */
  readonly topic: string;
  readonly topics: readonly string[];
  readonly note: string | undefined;
}

/**
 * Fills generators and variables in, then takes `{1..10}` and `{a,b}` apart. Where there are no variables, what names
 * neither is sent as it was typed, braces and all: it may be a topic that really has them.
 */
export function fillTopic(
  typed: string,
  version: MqttVersion,
  generators: GeneratorContext,
  hasVariables: boolean,
): FilledTopic {
  if (!hasGenerators(typed)) {
    return expanded(typed, typed, version);
  }
  const { text: hidden, problem } = generate(
    typed,
    hasExpansion(typed) ? withOpaque(generators) : generators,
  );
  if (problem === undefined) {
    return expanded(hidden, typed, version);
  }
  const text = shown(hidden);
  if (!hasVariables) {
    const check = checkTopic(typed, version);
    const warning =
      check.warning ?? `${problem}: it is sent as it stands. The connection has no environment.`;
    return { topic: typed, topics: [typed], note: undefined, problem: check.problem, warning };
  }
  return { topic: text, topics: [text], note: undefined, problem: `${problem}.`, warning: undefined };
}

/** What a pattern of topics is written with, and what stands for it in the values of variables until that is read. */
const opaque: readonly (readonly [string, string])[] = [
  ['{', '\u{FDD0}'],
  ['}', '\u{FDD1}'],
  [',', '\u{FDD2}'],
  ['..', '\u{FDD3}'],
];

/** What a variable holds is a name, whatever stands in it, for it may come from somebody else: no pattern begins there. */
function withOpaque(generators: GeneratorContext): GeneratorContext {
  const variables = new Map(
    [...generators.variables].map(([name, value]) => [
      name,
      opaque.reduce((text, [plain, hidden]) => text.replaceAll(plain, hidden), value),
    ]),
  );
  return { ...generators, variables };
}

function shown(text: string): string {
  return opaque.reduce((hidden, [plain, mark]) => hidden.replaceAll(mark, plain), text);
}

/** The last answer: whoever publishes many messages asks for the same topic again and again. */
let newest:
  | {
      readonly hidden: string;
      readonly typed: string;
      readonly version: MqttVersion;
      readonly filled: FilledTopic;
    }
  | undefined;

function expanded(hidden: string, typed: string, version: MqttVersion): FilledTopic {
  if (newest?.hidden !== hidden || newest.typed !== typed || newest.version !== version) {
    newest = { hidden, typed, version, filled: expand(hidden, typed, version) };
  }
  return newest.filled;
}

function expand(hidden: string, typed: string, version: MqttVersion): FilledTopic {
  if (!hasExpansion(typed) || !hasExpansion(hidden)) {
    const text = shown(hidden);
    return {
      topic: text,
      topics: [text],
      note: text === typed ? undefined : text,
      ...checkTopic(text, version),
    };
  }
  const { topics: found, problem } = expandTopics(hidden);
  const topics = found.map(shown);
  const [first = shown(hidden)] = topics;
  if (problem !== undefined) {
    const text = shown(hidden);
    return { topic: text, topics: [text], note: undefined, problem, warning: undefined };
  }
  const wrong = topics
    .map((topic) => checkTopic(topic, version))
    .find((check) => check.problem !== undefined);
  const note = `${formatQuantity(topics.length, 'topic')}: ${first}${topics.length > 1 ? ` … ${topics.at(-1) ?? ''}` : ''}`;
  return { topic: first, topics, note, ...(wrong ?? checkTopic(first, version)) };
}
