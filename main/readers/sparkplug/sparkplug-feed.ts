import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { SparkplugFinding, SparkplugWindow, sparkplugFeeds } from '#app/contract/feeds/sparkplug.ts';
import { cutLine } from '#app/payload/preview.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import type { TopicNames, TopicNamesOfSessions } from '../search/topic-names.ts';
import type { SessionLogs } from '../session-logs.ts';
import type { TickedSource } from '../ticked-feed.ts';
import type { Finding } from './entities.ts';
import { detailsOf, linesOf, type PlantLine, rowOf } from './plant-rows.ts';
import { PlantScan } from './plant-scan.ts';

type Params = ParsedParamsOf<typeof sparkplugFeeds.sparkplug>;

/** Findings that cross to the screen, and characters of one. */
const MAX_FINDINGS = 100;
const MAX_TEXT = 400;

/** Nodes, devices and hosts of a session, for as long as somebody looks. */
export class SparkplugFeed implements TickedSource<Params, SparkplugWindow> {
  readonly #logs: SessionLogs;
  readonly #namesOf: TopicNamesOfSessions;
  readonly #groupIds = new Map<string, number>();
  #params: Params;
  #names: TopicNames | undefined;
  #reader: LogReader | undefined;
  #scan: PlantScan | undefined;
  #lines: readonly PlantLine[] = [];
  #linesOf = -1;
  #sent = '';

  constructor(logs: SessionLogs, names: TopicNamesOfSessions, params: Params) {
    this.#logs = logs;
    this.#namesOf = names;
    this.#params = params;
  }

  update(params: Params): void {
    if (params.sessionId !== this.#params.sessionId) {
      this.dispose();
    }
    this.#params = params;
  }

  advance(deadline: number): boolean {
    const { sessionId } = this.#params;
    const reader = this.#logs.reader(sessionId);
    if (reader === undefined) {
      return false;
    }
    if (reader !== this.#reader || this.#scan === undefined) {
      // After a restart of the session its ids mean something else.
      this.dispose();
      this.#reader = reader;
      this.#names = this.#namesOf.take(sessionId);
      this.#scan = new PlantScan(this.#names);
    }
    return this.#scan.advance(reader, deadline);
  }

  build(moved: boolean): SparkplugWindow | undefined {
    const scan = this.#scan;
    if (scan === undefined) {
      return undefined;
    }
    const { state, progress } = scan;
    const version = `${state.messages} ${progress}`;
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    if (this.#linesOf !== state.entities) {
      this.#linesOf = state.entities;
      this.#lines = linesOf(state, this.#groupIds);
    }
    const { tree, metrics, selected } = this.#params;
    const offset = Math.min(tree.offset, this.#lines.length);
    const chosen = this.#lines.find(({ id }) => id === selected);
    const nodes = [...state.nodes.values()];
    const devices = nodes.flatMap((node) => [...node.devices.values()]);
    const count = (of: readonly { readonly state: string }[]) => ({
      online: of.filter((entity) => entity.state === 'online').length,
      total: of.length,
    });
    return {
      offset,
      total: this.#lines.length,
      rows: this.#lines.slice(offset, offset + tree.count).map(rowOf),
      nodes: count(nodes),
      devices: count(devices),
      messages: state.messages,
      ...(chosen === undefined ? {} : { details: detailsOf(chosen, metrics.offset, metrics.count) }),
      findings: state.findings
        .filter((finding) => chosen === undefined || isOf(finding, chosen))
        .slice(-MAX_FINDINGS)
        .reverse()
        .map(findingText),
      findingsTotal: state.findingsTotal,
      isCut: state.isCut,
      progress,
    };
  }

  dispose(): void {
    if (this.#names !== undefined) {
      this.#namesOf.giveBack(this.#params.sessionId, this.#names);
    }
    this.#names = undefined;
    this.#scan = undefined;
    this.#lines = [];
    this.#linesOf = -1;
    this.#sent = '';
  }
}

/** Findings of a node are those of its devices too; of a group, those of all in it. */
function isOf({ entity, parent }: Finding, line: PlantLine): boolean {
  if (line.kind === 'group' || line.kind === 'hosts') {
    return line.of.some(({ id }) => id === entity || id === parent);
  }
  return line.id === entity || line.id === parent;
}

function findingText({ id, at, sequence, where, text }: Finding): SparkplugFinding {
  return { id, at, sequence, where: safe(where), text: safe(text) };
}

function safe(text: string): string {
  return cutLine(visibleText(text.slice(0, MAX_TEXT + 1)), MAX_TEXT);
}
