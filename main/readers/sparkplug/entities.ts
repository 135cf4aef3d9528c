import type { SparkplugVerb } from '#app/payload/sparkplug/topic.ts';

/** `unknown`: no birth was seen, or the node was born anew and its device was not yet. */
export type OnlineState = 'online' | 'offline' | 'unknown';

export interface MetricState {
  readonly name: string;
  alias?: bigint;
  datatype?: number;
  /** The last value that is not of the past, cut. */
  text: string;
  /** Milliseconds since the epoch: when its message came. */
  at: number;
  sequence: number;
  isHistoricalOnly: boolean;
}

/** A node, or a device of it. */
export interface Entity {
  /** Never used twice in one state. */
  readonly id: number;
  readonly kind: 'node' | 'device';
  readonly group: string;
  readonly node: string;
  readonly device?: string;
  state: OnlineState;
  /** Milliseconds since the epoch: of the birth or death that made the state. */
  since?: number;
  messages: number;
  findings: number;
  births: number;
  lastAt: number;
  metrics: Map<string, MetricState>;
  aliases: Map<bigint, string>;
  /** Told once until the next birth: unknown aliases and names, data without birth. */
  readonly told: Set<string>;
}

export interface NodeEntity extends Entity {
  readonly kind: 'node';
  bdSeq?: bigint;
  /** Of the last message in order; and the numbers that were left out before it. */
  seq?: number;
  readonly missing: Set<number>;
  rebirthAskedAt?: number;
  readonly devices: Map<string, Entity>;
}

export interface HostState {
  readonly id: number;
  readonly name: string;
  state: OnlineState;
  since?: number;
  messages: number;
  findings: number;
  /** By a topic of version 2.2. */
  isOld: boolean;
}

/** Something that is not as the specification has it. */
export interface Finding {
  readonly id: number;
  /** The node, device or host; and the node of a device. */
  readonly entity: number;
  readonly parent?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The message that showed it. */
  readonly sequence: number;
  readonly where: string;
  readonly text: string;
}

/** Messages that count on in the node's sequence. */
export const countedVerbs: ReadonlySet<SparkplugVerb> = new Set([
  'NBIRTH',
  'NDATA',
  'DBIRTH',
  'DDATA',
  'DDEATH',
]);

export function newEntity(id: number, group: string, node: string, device: string): Entity {
  return { ...common(id, group, node), kind: 'device', device };
}

export function newNode(id: number, group: string, node: string): NodeEntity {
  return { ...common(id, group, node), kind: 'node', missing: new Set(), devices: new Map() };
}

function common(id: number, group: string, node: string): Omit<Entity, 'kind'> {
  return {
    id,
    group,
    node,
    state: 'unknown',
    messages: 0,
    findings: 0,
    births: 0,
    lastAt: 0,
    metrics: new Map(),
    aliases: new Map(),
    told: new Set(),
  };
}
