import type { ISubscriptionGrant } from 'mqtt';
import type { Failure } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { formatCode, reasonOf } from '#app/mqtt/reason-codes.ts';
import { hasWildcard, sharedFilter } from '#app/mqtt/topic.ts';
import type { MqttVersion, Qos } from '#app/profile/profile.ts';

/** The codes of a SUBACK, one a filter; undefined when none came. */
export function codesOf(
  error: Error | null,
  grants: readonly ISubscriptionGrant[] | undefined,
  granted: readonly unknown[] | undefined,
): readonly number[] | undefined {
  // With one refused filter the library reports the whole packet as an error, but passes it along.
  const codes = error === null ? grants?.map((grant) => grant.qos) : granted;
  return codes?.map(Number);
}

/** What a code of a SUBACK says; none came for this filter if it is undefined. */
export function resultOf(code: number | undefined, version: MqttVersion): SubscriptionResult {
  if (code === undefined) {
    return {
      kind: 'refused',
      failure: {
        code: 'subscribe.unanswered',
        message: 'The broker did not answer this subscription properly.',
        hint: 'Subscribe again, or look at the log of the broker.',
      },
    };
  }
  if (code <= 2) {
    return { kind: 'granted', qos: code as Qos };
  }
  const reason = reasonOf(code, 'suback', version);
  return {
    kind: 'refused',
    failure: {
      code: 'subscribe.refused',
      message: reason.message,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      detail: `SUBACK ${formatCode(code)} ${reason.name}`,
    },
  };
}

/** No SUBACK came in time. */
export function unanswered(milliseconds: number): SubscriptionResult {
  return {
    kind: 'refused',
    failure: {
      code: 'subscribe.timeout',
      message: 'The broker did not answer the subscription.',
      hint: 'Subscribe again, or look at the log of the broker.',
      detail: `No SUBACK within ${milliseconds / 1000} s.`,
    },
  };
}

/** Does this code of a SUBACK or UNSUBACK refuse? None came if it is undefined, which says nothing. */
export function isRefusal(code: number | undefined): boolean {
  return code !== undefined && code >= 0x80;
}

/** A filter that was not sent, because no broker may take it. */
export function invalidFilter(problem: string): Failure {
  return {
    code: 'subscribe.invalid-filter',
    message: problem,
    hint: 'Correct the topic filter; it was not sent.',
  };
}

/** What the broker said in CONNACK that it does not do; asking for it would end the connection. */
export function unsupported(filter: string, connack: ConnackSummary): Failure | undefined {
  const code =
    connack.sharedSubscriptionAvailable === false && sharedFilter(filter) !== undefined
      ? 0x9e
      : connack.wildcardSubscriptionAvailable === false && hasWildcard(filter)
        ? 0xa2
        : undefined;
  if (code === undefined) {
    return undefined;
  }
  const reason = reasonOf(code, 'suback');
  return {
    code: 'subscribe.unsupported',
    message: reason.message,
    ...(reason.hint === undefined ? {} : { hint: reason.hint }),
    detail: 'The broker said so in CONNACK.',
  };
}
