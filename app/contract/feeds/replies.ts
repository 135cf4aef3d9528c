import { z } from 'zod';
import type { ReplyRule } from '../../reply/reply-rule.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';

/** How a rule answers, since it was switched on. */
export interface ReplyCounts {
  readonly ruleId: string;
  /** Messages that it matched. */
  readonly matched: number;
  readonly replied: number;
  /** Not answered, as there were too many in a second. */
  readonly limited: number;
  readonly failed: number;
  /** Milliseconds since the epoch. */
  readonly lastAt?: number;
  /** The newest reason for a failure. */
  readonly failure?: Failure;
  /** It was stopped: it answered as fast as it may for too long, as replies that answer each other do. */
  readonly isStorm: boolean;
}

export const repliesFeeds = {
  replies: defineFeed<{
    readonly isOn: boolean;
    readonly rules: readonly ReplyCounts[];
    /** Messages that nobody looked at, as too many came at once. */
    readonly skipped: number;
  }>()(z.object({})),
};

export const replyRulesFeeds = {
  /** The rules that are kept for a profile. */
  replyRules: defineFeed<{ readonly rules: readonly ReplyRule[] }>()(
    z.object({ profileId: z.string().min(1).max(64) }),
  ),
};
