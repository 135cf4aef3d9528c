import type { MessageFilter } from '#app/contract/feeds/session.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Qos } from '#app/profile/profile.ts';

/** What the filter bar holds, as typed and chosen. */
export interface StreamFilter {
  readonly topicFilter: string;
  readonly text: string;
  readonly direction: MessageFilter['direction'];
  readonly retain: MessageFilter['retain'];
  /** `undefined`: any. */
  readonly qos: Qos | undefined;
  readonly includeMuted: boolean;
}

export const noFilter: StreamFilter = {
  topicFilter: '',
  text: '',
  direction: 'both',
  retain: 'any',
  qos: undefined,
  includeMuted: false,
};

/** Why the topic filter can't be used; empty is no filter. */
export function streamFilterProblem({ topicFilter }: Pick<StreamFilter, 'topicFilter'>): string | undefined {
  return topicFilter === '' ? undefined : topicFilterProblem(topicFilter);
}

/** Whether anything is left out of the stream. */
export function isFiltering(filter: StreamFilter): boolean {
  return (
    filter.topicFilter !== '' ||
    filter.text !== '' ||
    filter.direction !== 'both' ||
    filter.retain !== 'any' ||
    filter.qos !== undefined
  );
}

/** As the feed takes it. A topic filter that can't be used is left out until it can. */
export function toFeedFilter(filter: StreamFilter): MessageFilter {
  return {
    topicFilter: streamFilterProblem(filter) === undefined ? filter.topicFilter : '',
    text: filter.text,
    direction: filter.direction,
    retain: filter.retain,
    qos: filter.qos === undefined ? [] : [filter.qos],
    includeMuted: filter.includeMuted,
  };
}
