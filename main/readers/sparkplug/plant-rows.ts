import type { SparkplugDetails, SparkplugMetricRow, SparkplugRow } from '#app/contract/feeds/sparkplug.ts';
import { cutLine } from '#app/payload/preview.ts';
import { dataTypeName } from '#app/payload/sparkplug/data-types.ts';
import { sparkplugTopic } from '#app/payload/sparkplug/topic.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Entity, HostState, MetricState, NodeEntity } from './entities.ts';
import type { PlantState } from './plant-state.ts';

/** Characters of a name that cross to the screen. */
const MAX_NAME = 300;
/** Ids of the lines that stand for no node, device or host begin here. */
const FIRST_GROUP = 1_000_000_000;

/** What a line is about. */
export type PlantLine =
  | {
      readonly kind: 'group' | 'hosts';
      readonly id: number;
      readonly name: string;
      readonly of: readonly (NodeEntity | HostState)[];
    }
  | { readonly kind: 'node'; readonly id: number; readonly node: NodeEntity }
  | { readonly kind: 'device'; readonly id: number; readonly node: NodeEntity; readonly device: Entity }
  | { readonly kind: 'host'; readonly id: number; readonly host: HostState };

/** All lines in their order: groups with their nodes and these with their devices by name, hosts behind. */
export function linesOf(state: PlantState, groupIds: Map<string, number>): PlantLine[] {
  const groups = new Map<string, NodeEntity[]>();
  for (const node of state.nodes.values()) {
    const nodes = groups.get(node.group);
    if (nodes === undefined) {
      groups.set(node.group, [node]);
    } else {
      nodes.push(node);
    }
  }
  const idOf = (key: string) => {
    const id = groupIds.get(key) ?? FIRST_GROUP + groupIds.size;
    groupIds.set(key, id);
    return id;
  };
  const lines: PlantLine[] = [];
  for (const [name, nodes] of [...groups].sort(([a], [b]) => order(a, b))) {
    lines.push({ kind: 'group', id: idOf(`g ${name}`), name, of: nodes });
    for (const node of nodes.sort((a, b) => order(a.node, b.node))) {
      lines.push({ kind: 'node', id: node.id, node });
      for (const [, device] of [...node.devices].sort(([a], [b]) => order(a, b))) {
        lines.push({ kind: 'device', id: device.id, node, device });
      }
    }
  }
  if (state.hosts.size > 0) {
    const hosts = [...state.hosts.values()].sort((a, b) => order(a.name, b.name));
    lines.push({ kind: 'hosts', id: idOf('hosts'), name: 'Host applications', of: hosts });
    lines.push(...hosts.map((host) => ({ kind: 'host' as const, id: host.id, host })));
  }
  return lines;
}

export function rowOf(line: PlantLine): SparkplugRow {
  switch (line.kind) {
    case 'group':
    case 'hosts':
      return {
        id: line.id,
        level: 1,
        kind: line.kind,
        name: safe(line.name),
        metrics: 0,
        messages: sumOf(line.of, ({ messages }) => messages),
        findings: sumOf(line.of, ({ findings }) => findings),
      };
    case 'node': {
      const { node } = line;
      return {
        ...entityRow(node),
        level: 2,
        kind: 'node',
        name: safe(node.node),
        ...(node.seq === undefined ? {} : { seq: node.seq }),
        ...(node.bdSeq === undefined ? {} : { bdSeq: String(node.bdSeq) }),
      };
    }
    case 'device':
      return {
        ...entityRow(line.device),
        level: 3,
        kind: 'device',
        name: safe(line.device.device ?? ''),
      };
    case 'host': {
      const { id, name, state, since, messages, findings } = line.host;
      return {
        id,
        level: 2,
        kind: 'host',
        name: safe(name),
        state,
        ...(since === undefined ? {} : { since }),
        metrics: 0,
        messages,
        findings,
      };
    }
  }
}

export function detailsOf(line: PlantLine, offset: number, count: number): SparkplugDetails {
  const row = rowOf(line);
  if (line.kind !== 'node' && line.kind !== 'device') {
    const none = { offset: 0, total: 0, rows: [] };
    return { row, path: row.name, findings: row.findings, isStale: false, births: 0, metrics: none };
  }
  const { node } = line;
  const entity = line.kind === 'node' ? node : line.device;
  const all = [...entity.metrics.values()];
  const from = Math.min(offset, all.length);
  const names = [node.group, node.node, ...(entity.device === undefined ? [] : [entity.device])];
  return {
    row,
    path: names.map(safe).join('/'),
    findings: line.kind === 'node' ? sumOf([node], ({ findings }) => findings) : entity.findings,
    isStale: entity.state !== 'online' || node.state === 'offline',
    births: entity.births,
    commandTopic: sparkplugTopic('NCMD', node.group, node.node),
    ...(node.rebirthAskedAt === undefined ? {} : { rebirthAskedAt: node.rebirthAskedAt }),
    metrics: {
      offset: from,
      total: all.length,
      rows: all.slice(from, from + count).map((metric, index) => metricRow(metric, from + index)),
    },
  };
}

/** Of nodes or hosts, devices with them. */
function sumOf(
  all: readonly (NodeEntity | HostState)[],
  count: (entity: NodeEntity | HostState | Entity) => number,
): number {
  let sum = 0;
  for (const entity of all) {
    sum += count(entity);
    for (const device of 'devices' in entity ? entity.devices.values() : []) {
      sum += count(device);
    }
  }
  return sum;
}

function entityRow({ id, state, since, metrics, messages, findings }: Entity) {
  return { id, state, ...(since === undefined ? {} : { since }), metrics: metrics.size, messages, findings };
}

function metricRow(metric: MetricState, place: number): SparkplugMetricRow {
  const { name, alias, datatype, text, at, sequence, isHistoricalOnly } = metric;
  return {
    place,
    name: safe(name),
    ...(alias === undefined ? {} : { alias: String(alias) }),
    type: dataTypeName(datatype) ?? '',
    value: safe(text),
    at,
    sequence,
    isHistorical: isHistoricalOnly,
  };
}

function safe(text: string): string {
  return cutLine(visibleText(text.slice(0, MAX_NAME + 1)), MAX_NAME);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
