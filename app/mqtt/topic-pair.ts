import { compileFilter, topicFilterProblem } from './topic.ts';

/**
 * Where the answers to a request are expected: what `+` and `#` of the request filter stand for is put into the
 * response, wildcard by wildcard: `line/+/set` and `line/+/state`.
 */
export interface TopicPair {
  /** MQTT topic filter of the requests. */
  readonly request: string;
  /** Topic of the answer; has the wildcards of `request`, or the first of them. */
  readonly response: string;
}

const isPlus = (level: string) => level === '+';

/** Why a pair cannot be used, as a sentence; `undefined`: it can. */
export function topicPairProblem({ request, response }: TopicPair): string | undefined {
  const problem = topicFilterProblem(request) ?? topicFilterProblem(response);
  if (problem !== undefined) {
    return problem;
  }
  if (request.startsWith('$share/') || response.startsWith('$share/')) {
    return 'A shared subscription is no topic: write the filter without $share and its group';
  }
  const asked = request.split('/');
  const answered = response.split('/');
  if (answered.filter(isPlus).length > asked.filter(isPlus).length) {
    return 'The response topic has more + than the request topic, which fills them';
  }
  if (answered.includes('#') && !asked.includes('#')) {
    return 'The response topic ends in #, the request topic does not';
  }
  return request === response ? 'Request and response are the same topics' : undefined;
}

/** The topic on which a request is answered, or `undefined` for topics that are no request. For pairs without problem. */
export function compileTopicPair({ request, response }: TopicPair): (topic: string) => string | undefined {
  const matches = compileFilter(request);
  const asked = request.split('/');
  const answered = response.split('/');
  return (topic) => {
    if (!matches(topic)) {
      return undefined;
    }
    const levels = topic.split('/');
    const filled = levels.filter((_, index) => asked[index] === '+').values();
    // A filter that ends in # also fits its parent, where there is nothing behind.
    const rest = asked.at(-1) === '#' ? levels.slice(asked.length - 1) : [];
    return answered
      .flatMap((level) => (level === '+' ? [filled.next().value ?? ''] : level === '#' ? rest : [level]))
      .join('/');
  };
}
