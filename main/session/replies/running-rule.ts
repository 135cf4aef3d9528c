import type { Failure } from '#app/contract/failure.ts';
import type { ReplyCounts } from '#app/contract/feeds/replies.ts';
import { compileFilter } from '#app/mqtt/topic.ts';
import { type FieldCondition, parseCondition } from '#app/payload/field-condition.ts';
import type { MessageSeries } from '#app/publish/message-series.ts';
import type { ReplyRule } from '#app/reply/reply-rule.ts';

/** Milliseconds of answering at the limit after which a rule counts as part of a loop. */
const STORM = 10_000;

/** A rule that is on: compiled, with its counts and its limit. */
export class RunningRule {
  readonly rule: ReplyRule;
  readonly series: MessageSeries;
  readonly matches: (topic: string) => boolean;
  /** Absent: any payload. */
  readonly condition: FieldCondition | undefined;
  matched = 0;
  replied = 0;
  failed = 0;
  #limited = 0;
  #lastAt: number | undefined;
  #failure: Failure | undefined;
  #isStorm = false;
  /** Replies that may go out now; refilled with time. */
  #allowed: number;
  #refilledAt: number;
  /** Since when it has been at its limit without a pause. */
  #limitedSince: number | undefined;

  constructor(rule: ReplyRule, series: MessageSeries, now: number) {
    this.rule = rule;
    this.series = series;
    this.matches = compileFilter(rule.filter);
    const condition = rule.condition.trim() === '' ? undefined : parseCondition(rule.condition);
    this.condition = typeof condition === 'string' ? [] : condition;
    this.#allowed = Math.max(1, rule.perSecond);
    this.#refilledAt = now;
  }

  get isStorm(): boolean {
    return this.#isStorm;
  }

  /** Whether one more reply may go out at `now` (milliseconds, steadily growing). */
  take(now: number): boolean {
    const most = Math.max(1, this.rule.perSecond);
    const refilled = this.#allowed + ((now - this.#refilledAt) / 1000) * this.rule.perSecond;
    if (refilled >= most) {
      this.#limitedSince = undefined;
    }
    this.#allowed = Math.min(most, refilled);
    this.#refilledAt = now;
    if (this.#allowed >= 1) {
      this.#allowed -= 1;
      return true;
    }
    this.#limited += 1;
    this.#limitedSince ??= now;
    this.#isStorm ||= now - this.#limitedSince > STORM;
    return false;
  }

  noteReply(at: number): void {
    this.replied += 1;
    this.#lastAt = at;
  }

  noteFailure(failure: Failure): void {
    this.failed += 1;
    this.#failure = failure;
  }

  get shown(): ReplyCounts {
    return {
      ruleId: this.rule.id,
      matched: this.matched,
      replied: this.replied,
      limited: this.#limited,
      failed: this.failed,
      isStorm: this.#isStorm,
      ...(this.#lastAt === undefined ? {} : { lastAt: this.#lastAt }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }
}
