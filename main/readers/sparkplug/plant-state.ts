import type { Metric, Payload } from '#app/payload/sparkplug/message-types.ts';
import type { SparkplugTopic } from '#app/payload/sparkplug/topic.ts';
import {
  countedVerbs,
  type Entity,
  type Finding,
  type HostState,
  type NodeEntity,
  newEntity,
  newNode,
} from './entities.ts';
import { followSequence } from './sequence.ts';
import { valueText } from './value-text.ts';

/** Findings that are held; the oldest go first. */
const MAX_FINDINGS = 500;
const MAX_ENTITIES = 20_000;
const MAX_METRICS = 200_000;
/** Characters of a name that a finding repeats. */
const MAX_NAME = 100;
const REBIRTH = 'Node Control/Rebirth';

type MessageTopic = Extract<SparkplugTopic, { readonly kind: 'message' }>;

/** When and as what a message came. */
export interface Arrival {
  readonly at: number;
  readonly sequence: number;
  readonly retain: boolean;
  /** What came before it is not known: numbers and births are taken as they are. */
  readonly isAlone?: boolean;
}

/** What the messages of Sparkplug B say of nodes, devices and hosts, one after the other. */
export class PlantState {
  readonly nodes = new Map<string, NodeEntity>();
  readonly hosts = new Map<string, HostState>();
  readonly findings: Finding[] = [];
  /** Of all time, with those that are no longer held. */
  findingsTotal = 0;
  messages = 0;
  /** There was more than is followed. */
  isCut = false;
  /** Changes when a node, device or host is added. */
  entities = 0;
  #nextId = 1;
  #metrics = 0;

  /** A message about a node or a device. */
  apply(topic: MessageTopic, payload: Payload, arrival: Arrival): void {
    const node = this.#node(topic.group, topic.node);
    const { verb, device } = topic;
    const entity = node === undefined || device === undefined ? node : this.#device(node, device);
    if (node === undefined || entity === undefined) {
      this.isCut = true;
      return;
    }
    this.messages += 1;
    if (verb === 'NCMD' || verb === 'DCMD') {
      if (
        payload.metrics.some(
          ({ name, value }) => name === REBIRTH && value?.kind === 'boolean' && value.value,
        )
      ) {
        node.rebirthAskedAt = arrival.at;
      }
      return;
    }
    entity.messages += 1;
    entity.lastAt = arrival.at;
    const tell = (text: string) => this.#tell(entity, node, arrival, text);
    if (arrival.retain && verb !== 'NDEATH') {
      this.#tellOnce(entity, node, arrival, 'retain', `${verb} is retained: what it says may be of the past`);
    }
    if (countedVerbs.has(verb)) {
      followSequence(node, verb, payload.seq, arrival.isAlone === true, tell);
    }
    switch (verb) {
      case 'NBIRTH':
        this.#bear(node, node, payload, arrival, tell);
        setBdSeq(node, bdSeqOf(payload));
        if (node.bdSeq === undefined) {
          tell('NBIRTH without bdSeq: a death cannot be told from an old one');
        }
        for (const other of node.devices.values()) {
          other.state = 'unknown';
          other.told.clear();
        }
        break;
      case 'DBIRTH':
        if (node.state !== 'online' && arrival.isAlone !== true) {
          tell(`DBIRTH ${node.state === 'offline' ? 'after NDEATH' : 'before NBIRTH'}`);
        }
        this.#bear(entity, node, payload, arrival, tell);
        break;
      case 'NDEATH':
        this.#die(node, payload, arrival, tell);
        break;
      case 'DDEATH':
        setState(entity, 'offline', arrival.at);
        break;
      case 'NDATA':
      case 'DDATA':
        this.#update(entity, node, verb, payload, arrival);
        break;
    }
  }

  /** The state of a host application; `online` is `undefined` where the payload does not say. */
  applyHost(name: string, isOld: boolean, online: boolean | undefined, arrival: Arrival): void {
    let host = this.hosts.get(name);
    if (host === undefined) {
      if (this.entities >= MAX_ENTITIES) {
        this.isCut = true;
        return;
      }
      this.entities += 1;
      host = { id: this.#nextId++, name, state: 'unknown', messages: 0, findings: 0, isOld };
      this.hosts.set(name, host);
    }
    this.messages += 1;
    host.messages += 1;
    host.isOld = isOld;
    if (online === undefined) {
      this.#add(host, undefined, arrival, name, 'STATE that says neither online nor offline');
    } else {
      const state = online ? 'online' : 'offline';
      if (host.state !== state) {
        host.since = arrival.at;
      }
      host.state = state;
    }
  }

  /** A payload that cannot be read. */
  applyBroken(topic: MessageTopic, why: string, arrival: Arrival): void {
    const node = this.#node(topic.group, topic.node);
    if (node !== undefined) {
      this.messages += 1;
      node.messages += 1;
      this.#tell(node, node, arrival, `${topic.verb} cannot be read: ${why}`);
    }
  }

  /** Messages may have been missed: numbers begin anew. */
  forgetSequences(): void {
    for (const node of this.nodes.values()) {
      delete node.seq;
      node.missing.clear();
    }
  }

  #bear(
    entity: Entity,
    node: NodeEntity,
    payload: Payload,
    arrival: Arrival,
    tell: (text: string) => void,
  ): void {
    setState(entity, 'online', arrival.at);
    entity.since = arrival.at;
    entity.births += 1;
    entity.told.clear();
    this.#metrics -= entity.metrics.size;
    entity.metrics = new Map();
    entity.aliases = new Map();
    for (const metric of payload.metrics) {
      const { name, alias } = metric;
      if (name === undefined) {
        this.#tellOnce(entity, node, arrival, 'nameless', 'birth with a metric that has no name');
        continue;
      }
      const other = alias === undefined ? undefined : entity.aliases.get(alias);
      if (alias !== undefined) {
        if (other !== undefined && other !== name) {
          tell(`alias ${alias} stands for two metrics: ${cut(other)} and ${cut(name)}`);
        }
        entity.aliases.set(alias, name);
      }
      this.#set(entity, name, metric, arrival);
    }
  }

  #die(node: NodeEntity, payload: Payload, arrival: Arrival, tell: (text: string) => void): void {
    const bdSeq = bdSeqOf(payload);
    if (node.state === 'online' && node.bdSeq !== undefined && bdSeq !== node.bdSeq) {
      tell(
        `NDEATH bdSeq ${bdSeq ?? 'missing'} does not match NBIRTH bdSeq ${node.bdSeq}: taken for an old one`,
      );
      return;
    }
    setState(node, 'offline', arrival.at);
    for (const device of node.devices.values()) {
      setState(device, 'offline', arrival.at);
    }
  }

  #update(
    entity: Entity,
    node: NodeEntity,
    verb: 'NDATA' | 'DDATA',
    payload: Payload,
    arrival: Arrival,
  ): void {
    if (entity.state !== 'online' && arrival.isAlone !== true) {
      const birth = verb === 'NDATA' ? 'NBIRTH' : 'DBIRTH';
      const death = node.state === 'offline' ? 'NDEATH' : 'DDEATH';
      const text =
        entity.state === 'offline' ? `${verb} after ${death}` : `${verb} before ${birth}: no birth seen`;
      this.#tellOnce(entity, node, arrival, 'birth', text);
    }
    for (const metric of payload.metrics) {
      const name = metric.name ?? this.#nameOf(entity, node, metric.alias);
      if (name === undefined) {
        const what =
          metric.alias === undefined
            ? 'a metric with neither name nor alias'
            : `alias ${metric.alias} unknown`;
        const why = entity.births === 0 ? ': no birth seen' : ': not in the birth';
        this.#tellOnce(entity, node, arrival, what, `${what}${why}`);
        continue;
      }
      if (entity.births > 0 && !entity.metrics.has(name)) {
        this.#tellOnce(entity, node, arrival, `name ${name}`, `metric ${cut(name)} is not in the birth`);
      }
      this.#set(entity, name, metric, arrival);
    }
  }

  #nameOf(entity: Entity, node: NodeEntity, alias: bigint | undefined): string | undefined {
    return alias === undefined ? undefined : (entity.aliases.get(alias) ?? node.aliases.get(alias));
  }

  #set(entity: Entity, name: string, metric: Metric, { at, sequence }: Arrival): void {
    const known = entity.metrics.get(name);
    if (known === undefined && this.#metrics >= MAX_METRICS) {
      this.isCut = true;
      return;
    }
    const alias = metric.alias ?? known?.alias;
    const datatype = metric.datatype ?? known?.datatype;
    if (metric.isHistorical === true && known !== undefined) {
      return;
    }
    if (known === undefined) {
      this.#metrics += 1;
    }
    entity.metrics.set(name, {
      name,
      ...(alias === undefined ? {} : { alias }),
      ...(datatype === undefined ? {} : { datatype }),
      text: valueText(metric.value, metric.isNull === true, datatype),
      at,
      sequence,
      isHistoricalOnly: metric.isHistorical === true,
    });
  }

  #node(group: string, name: string): NodeEntity | undefined {
    const key = `${group}/${name}`;
    const known = this.nodes.get(key);
    if (known !== undefined || this.entities >= MAX_ENTITIES) {
      return known;
    }
    this.entities += 1;
    const node = newNode(this.#nextId++, group, name);
    this.nodes.set(key, node);
    return node;
  }

  #device(node: NodeEntity, name: string): Entity | undefined {
    const known = node.devices.get(name);
    if (known !== undefined || this.entities >= MAX_ENTITIES) {
      return known;
    }
    this.entities += 1;
    const device = newEntity(this.#nextId++, node.group, node.node, name);
    node.devices.set(name, device);
    return device;
  }

  #tellOnce(entity: Entity, node: NodeEntity, arrival: Arrival, key: string, text: string): void {
    // A sender may make up ever new names: what was told is bounded too.
    if (!entity.told.has(key) && entity.told.size < 1000) {
      entity.told.add(key);
      this.#tell(entity, node, arrival, text);
    }
  }

  #tell(entity: Entity, node: NodeEntity, arrival: Arrival, text: string): void {
    const where = [entity.group, entity.node, ...(entity.device === undefined ? [] : [entity.device])];
    this.#add(entity, entity === node ? undefined : node.id, arrival, where.join('/'), text);
  }

  #add(
    entity: { readonly id: number; findings: number },
    parent: number | undefined,
    { at, sequence }: Arrival,
    where: string,
    text: string,
  ): void {
    this.findingsTotal += 1;
    entity.findings += 1;
    this.findings.push({
      id: this.findingsTotal,
      entity: entity.id,
      ...(parent === undefined ? {} : { parent }),
      at,
      sequence,
      where,
      text,
    });
    if (this.findings.length > MAX_FINDINGS) {
      this.findings.shift();
    }
  }
}

function setState(entity: Entity, state: Entity['state'], at: number): void {
  if (entity.state !== state) {
    entity.since = at;
  }
  entity.state = state;
}

function bdSeqOf({ metrics }: Payload): bigint | undefined {
  const value = metrics.find(({ name }) => name === 'bdSeq')?.value;
  return value?.kind === 'int' || value?.kind === 'long' ? value.value : undefined;
}

function cut(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}

function setBdSeq(node: NodeEntity, bdSeq: bigint | undefined): void {
  if (bdSeq === undefined) {
    delete node.bdSeq;
  } else {
    node.bdSeq = bdSeq;
  }
}
