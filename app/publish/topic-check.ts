import { topicNameProblem } from '../mqtt/topic.ts';
import { visibleText } from '../payload/visible-text.ts';
import type { MqttVersion } from '../profile/profile.ts';

/** Why the topic cannot be published to, and what is odd about one that can. */
export interface TopicCheck {
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

/** Judges a topic as it stands in its field. White space at its ends is legal, and nearly always a mistake. */
export function checkTopic(topic: string, version: MqttVersion): TopicCheck {
  const problem = topicNameProblem(topic, version);
  if (problem !== undefined) {
    return { problem, warning: undefined };
  }
  if (topic.trim() !== topic) {
    return {
      problem: `The topic ${/^\s/.test(topic) ? 'begins' : 'ends'} with white space. Remove it, or type the topic anew.`,
      warning: undefined,
    };
  }
  if (topic.startsWith('$')) {
    return { problem: undefined, warning: 'Brokers keep topics that begin with $ to themselves.' };
  }
  if (visibleText(topic) !== topic) {
    return { problem: undefined, warning: `Holds hidden characters: ${visibleText(topic)}` };
  }
  return { problem: undefined, warning: undefined };
}
