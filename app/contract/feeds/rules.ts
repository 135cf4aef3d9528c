import { z } from 'zod';
import { MAX_RULES } from '../../profile/rules.ts';
import { defineFeed } from '../define.ts';

/** What a filter in a table of rules selects of the topics that the session knows. */
export interface RuleMatch {
  /** Topics that the filter matches. */
  readonly matched: number;
  /** Those of them that no filter before it takes: the rule applies to these. */
  readonly applied: number;
  /** The first topic that it applies to, or that it matches; raw and cut: show it through `visibleText`. */
  readonly example?: string;
  /** The newest message on that topic. */
  readonly newest?: number;
}

export interface RuleMatchesWindow {
  /** In the order of the filters that were asked for. */
  readonly rows: readonly RuleMatch[];
  /** Topics looked at so far, and all that there are; fewer while it still goes on. */
  readonly looked: number;
  readonly topics: number;
}

/** Feeds of a session on rules. */
export const rulesFeeds = {
  /** Tests filters against all known topics, and goes on with new ones; an empty filter matches nothing. */
  ruleMatches: defineFeed<RuleMatchesWindow>()(
    z.object({ filters: z.array(z.string().max(65535)).max(MAX_RULES + 1) }),
  ),
};
