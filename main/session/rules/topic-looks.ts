import type { Codec } from '#app/payload/codec.ts';
import type { ProfileColor } from '#app/profile/profile.ts';
import type { SubscriptionMatches } from '../subscription-matches.ts';
import type { TopicRule, TopicRules } from './topic-rules.ts';

/** How the messages of a topic are shown, as far as the user decides. {@link SubscriptionMatches} alone is one, too. */
export interface TopicLooks {
  /** Grows when anything of it may have changed. */
  readonly version: number;
  /** Grows when other topics than before may be muted. */
  readonly mutingVersion: number;
  readonly hasMuted: boolean;
  colorOf(topicId: number): ProfileColor | undefined;
  isMuted(topicId: number): boolean;
  ruleOf?(topicId: number): TopicRule | undefined;
  /** What previews are made with; absent: what the bytes look like. */
  codecOf?(topicId: number): Codec | undefined;
}

/** The looks by rules and, where these say nothing, by subscriptions. */
export function combinedLooks(matches: SubscriptionMatches, rules: TopicRules): Required<TopicLooks> {
  return {
    get version() {
      return matches.version + rules.revision;
    },
    get mutingVersion() {
      return matches.mutingVersion + rules.mutingRevision;
    },
    get hasMuted() {
      return matches.hasMuted || rules.hasMuted;
    },
    colorOf: (topicId) => rules.ruleOf(topicId)?.rule.color ?? matches.colorOf(topicId),
    isMuted: (topicId) => rules.ruleOf(topicId)?.rule.muted === true || matches.isMuted(topicId),
    ruleOf: (topicId) => rules.ruleOf(topicId),
    codecOf: (topicId) => rules.codecOf(topicId),
  };
}
