/** What the births of an edge node say of the aliases of one of its messages. */
export interface AliasNames {
  /** By alias; `undefined` where no birth names it. */
  metricOf(alias: bigint): AliasedMetric | undefined;
  /** Data type of a metric that a message names but does not type. */
  typeOf(name: string): number | undefined;
  /** Why names are missing: `No birth of this node from before this message is kept.` */
  readonly missing?: string;
}

export interface AliasedMetric {
  readonly name: string;
  readonly datatype?: number;
}

/** How compressed payloads are unpacked; throws where the bytes are not of the kind, or too many come out. */
export type Inflate = (bytes: Uint8Array, algorithm: 'GZIP' | 'DEFLATE') => Uint8Array;
