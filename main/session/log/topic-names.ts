/** Asks a session for the names of topics, all from an id on or those of some ids; or for the ids of some names. */
export type TopicsAsked =
  | { readonly from: number }
  | { readonly ids: readonly number[] }
  | { readonly find: readonly string[] };

/** Names by id; an id that is no topic has none. `next`: where to ask on for all, absent at the end. */
export interface TopicsTold {
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly isAll: boolean;
  /** The answer to `find`: ids in the order of the names, 0 where there is none. */
  readonly isFound?: boolean;
  readonly next?: number;
}
