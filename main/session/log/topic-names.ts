/** Asks a session for the names of topics: all from an id on, or those of some ids. */
export type TopicsAsked = { readonly from: number } | { readonly ids: readonly number[] };

/** Names by id; an id that is no topic has none. `next`: where to ask on for all, absent at the end. */
export interface TopicsTold {
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly next?: number;
}
