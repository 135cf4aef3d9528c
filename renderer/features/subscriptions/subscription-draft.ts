import type { ConnectionState } from '#app/contract/session-state.ts';
import { hasWildcard, sharedFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { MqttVersion, ProfileColor, Qos, Subscription } from '#app/profile/profile.ts';

/** What the form holds: a subscription without its id and its switches. */
export interface SubscriptionDraft {
  readonly filter: string;
  readonly qos: Qos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: Subscription['retainHandling'];
  /** `undefined`: one that is little used. */
  readonly color: ProfileColor | undefined;
}

export function emptyDraft(): SubscriptionDraft {
  const { qos, noLocal, retainAsPublished, retainHandling } = newSubscription('#');
  return { filter: '', qos, noLocal, retainAsPublished, retainHandling, color: undefined };
}

export function draftOf(subscription: Subscription): SubscriptionDraft {
  const { filter, qos, noLocal, retainAsPublished, retainHandling, color } = subscription;
  return { filter, qos, noLocal, retainAsPublished, retainHandling, color };
}

/** What decides whether a draft can be sent. */
export interface DraftContext {
  readonly version: MqttVersion;
  readonly state: ConnectionState;
  /** Without the one that is edited. */
  readonly others: readonly Subscription[];
}

/** Why a draft can't be sent, in plain words; `undefined` when it can. */
export function draftProblem(draft: SubscriptionDraft, context: DraftContext): string | undefined {
  const { filter } = draft;
  if (filter === '') {
    return 'Enter a topic filter, for example sensors/+/temperature.';
  }
  const problem = topicFilterProblem(filter);
  if (problem !== undefined) {
    return problem;
  }
  if (context.others.some((other) => other.filter === filter)) {
    return 'This filter is in the list already.';
  }
  const isShared = sharedFilter(filter) !== undefined;
  // MQTT 5.0 section 3.8.3.1: a protocol error, the broker would close the connection.
  if (context.version === '5.0' && isShared && draft.noLocal) {
    return 'A shared subscription can’t have “No local”. Switch it off under Options.';
  }
  return capabilityProblem(filter, isShared, context.state);
}

/** What the broker said in CONNACK that it does not do (MQTT 5.0 section 3.2.2.3). */
function capabilityProblem(filter: string, isShared: boolean, state: ConnectionState): string | undefined {
  if (state.kind !== 'connected') {
    return undefined;
  }
  if (isShared && state.connack.sharedSubscriptionAvailable === false) {
    return 'This broker does not offer shared subscriptions.';
  }
  if (hasWildcard(filter) && state.connack.wildcardSubscriptionAvailable === false) {
    return 'This broker does not allow wildcards in subscriptions.';
  }
  return undefined;
}

/** Filters that are offered, never added by themselves; those that are in the list are left out. */
export function offeredFilters(subscriptions: readonly Subscription[]): readonly string[] {
  return ['#', '$SYS/#'].filter((filter) => !subscriptions.some((row) => row.filter === filter));
}
