/** Brokers whose names under `$SYS` are known. HiveMQ tells by its sys-topic extension, with names that others use too. */
export type BrokerKind = 'mosquitto' | 'emqx' | 'hivemq' | 'vernemq';

/** A `counter` only grows until the broker starts anew; its growth a second says more than its value. */
export type SysKind = 'gauge' | 'counter' | 'text';

/** A name under `$SYS` in words. */
export interface SysName {
  readonly label: string;
  /** One of {@link sysGroups}. */
  readonly group: string;
  readonly kind: SysKind;
  readonly unit?: string;
}

/** In the order in which they are shown. */
export const sysGroups = [
  'Broker',
  'Clients',
  'Messages',
  'Traffic',
  'Subscriptions',
  'Retained and queued',
  'Load, averages a minute',
  'System',
  'Other',
] as const;

type Names = Readonly<Record<string, SysName>>;

const gauge = (group: string, label: string, unit?: string): SysName => ({
  group,
  label,
  kind: 'gauge',
  ...(unit === undefined ? {} : { unit }),
});
const counter = (group: string, label: string, unit: string): SysName => ({
  group,
  label,
  kind: 'counter',
  unit,
});
const text = (group: string, label: string): SysName => ({ group, label, kind: 'text' });

/** Behind `$SYS/broker/`: Mosquitto's, and what its siblings after the same convention have. */
const conventional: Names = {
  version: text('Broker', 'Version'),
  uptime: gauge('Broker', 'Up for', 's'),
  time: text('Broker', 'Time'),
  timestamp: text('Broker', 'Built'),
  'clients/connected': gauge('Clients', 'Connected'),
  'clients/active': gauge('Clients', 'Active'),
  'clients/inactive': gauge('Clients', 'Inactive'),
  'clients/disconnected': gauge('Clients', 'Disconnected, session kept'),
  'clients/total': gauge('Clients', 'Total'),
  'clients/maximum': gauge('Clients', 'Most at once'),
  'clients/expired': counter('Clients', 'Expired sessions', 'sessions'),
  'messages/received': counter('Messages', 'Packets received', 'packets'),
  'messages/sent': counter('Messages', 'Packets sent', 'packets'),
  'publish/messages/received': counter('Messages', 'Published to the broker', 'messages'),
  'publish/messages/sent': counter('Messages', 'Sent to subscribers', 'messages'),
  'publish/messages/dropped': counter('Messages', 'Dropped', 'messages'),
  'messages/publish/received': counter('Messages', 'Published to the broker', 'messages'),
  'messages/publish/sent': counter('Messages', 'Sent to subscribers', 'messages'),
  'messages/publish/dropped': counter('Messages', 'Dropped', 'messages'),
  'messages/dropped': counter('Messages', 'Dropped', 'messages'),
  'messages/inflight': gauge('Messages', 'In flight'),
  'publish/bytes/received': counter('Traffic', 'Payload received', 'bytes'),
  'publish/bytes/sent': counter('Traffic', 'Payload sent', 'bytes'),
  'bytes/received': counter('Traffic', 'Received', 'bytes'),
  'bytes/sent': counter('Traffic', 'Sent', 'bytes'),
  'subscriptions/count': gauge('Subscriptions', 'Subscriptions'),
  'shared_subscriptions/count': gauge('Subscriptions', 'Shared subscriptions'),
  'retained messages/count': gauge('Retained and queued', 'Retained messages'),
  'messages/retained/count': gauge('Retained and queued', 'Retained messages'),
  'messages/stored': gauge('Retained and queued', 'Stored messages'),
  'store/messages/count': gauge('Retained and queued', 'Stored messages'),
  'store/messages/bytes': gauge('Retained and queued', 'Stored payload', 'bytes'),
  'heap/current': gauge('System', 'Memory', 'bytes'),
  'heap/current size': gauge('System', 'Memory', 'bytes'),
  'heap/maximum': gauge('System', 'Memory, most', 'bytes'),
  'heap/maximum size': gauge('System', 'Memory, most', 'bytes'),
};

/** HiveMQ's extension: totals under `load`, where Mosquitto has averages. */
const hivemq: Names = {
  'load/bytes/received': counter('Traffic', 'Received', 'bytes'),
  'load/bytes/sent': counter('Traffic', 'Sent', 'bytes'),
};

/** Behind `$SYS/brokers/NODE/`. */
const emqx: Names = {
  version: text('Broker', 'Version'),
  uptime: text('Broker', 'Up for'),
  datetime: text('Broker', 'Time'),
  sysdescr: text('Broker', 'Description'),
  'stats/connections/count': gauge('Clients', 'Connections'),
  'stats/connections/max': gauge('Clients', 'Connections, most at once'),
  'stats/live_connections/count': gauge('Clients', 'Live connections'),
  'stats/live_connections/max': gauge('Clients', 'Live connections, most at once'),
  'stats/sessions/count': gauge('Clients', 'Sessions'),
  'stats/sessions/max': gauge('Clients', 'Sessions, most at once'),
  'stats/subscribers/count': gauge('Subscriptions', 'Subscribers'),
  'stats/subscriptions/count': gauge('Subscriptions', 'Subscriptions'),
  'stats/subscriptions/shared/count': gauge('Subscriptions', 'Shared subscriptions'),
  'stats/topics/count': gauge('Subscriptions', 'Topics subscribed to'),
  'stats/retained/count': gauge('Retained and queued', 'Retained messages'),
  'stats/delayed/count': gauge('Retained and queued', 'Delayed messages'),
  'metrics/bytes/received': counter('Traffic', 'Received', 'bytes'),
  'metrics/bytes/sent': counter('Traffic', 'Sent', 'bytes'),
  'metrics/packets/received': counter('Messages', 'Packets received', 'packets'),
  'metrics/packets/sent': counter('Messages', 'Packets sent', 'packets'),
  'metrics/messages/received': counter('Messages', 'Published to the broker', 'messages'),
  'metrics/messages/sent': counter('Messages', 'Sent to subscribers', 'messages'),
  'metrics/messages/dropped': counter('Messages', 'Dropped', 'messages'),
  'metrics/messages/retained': counter('Retained and queued', 'Retained so far', 'messages'),
};

/** Behind `$SYS/NODE/`. */
const vernemq: Names = {
  'mqtt/publish/received': counter('Messages', 'Published to the broker', 'messages'),
  'mqtt/publish/sent': counter('Messages', 'Sent to subscribers', 'messages'),
  'mqtt/connect/received': counter('Clients', 'CONNECT received', 'packets'),
  'mqtt/disconnect/received': counter('Clients', 'DISCONNECT received', 'packets'),
  'mqtt/subscribe/received': counter('Subscriptions', 'SUBSCRIBE received', 'packets'),
  'mqtt/unsubscribe/received': counter('Subscriptions', 'UNSUBSCRIBE received', 'packets'),
  'bytes/received': counter('Traffic', 'Received', 'bytes'),
  'bytes/sent': counter('Traffic', 'Sent', 'bytes'),
  'socket/open': counter('Clients', 'Connections opened', 'connections'),
  'socket/close': counter('Clients', 'Connections closed', 'connections'),
  'queue/processes': gauge('Clients', 'Queues, one a session'),
  'queue/message/in': counter('Retained and queued', 'Queued', 'messages'),
  'queue/message/out': counter('Retained and queued', 'Taken from queues', 'messages'),
  'queue/message/drop': counter('Messages', 'Dropped', 'messages'),
  'queue/message/expired': counter('Messages', 'Expired in queues', 'messages'),
  'queue/message/unhandled': counter('Messages', 'Not delivered', 'messages'),
  'router/subscriptions': gauge('Subscriptions', 'Subscriptions'),
  'router/memory': gauge('System', 'Memory of the router', 'bytes'),
  'retain/messages': gauge('Retained and queued', 'Retained messages'),
  'retain/memory': gauge('System', 'Memory of retained messages', 'bytes'),
  'system/utilization': gauge('System', 'Use of the processors', '%'),
  'system/process/count': gauge('System', 'Processes'),
  'system/run/queue': gauge('System', 'Run queue'),
  'vm/memory/total': gauge('System', 'Memory', 'bytes'),
};

const loadNames: Readonly<Record<string, string>> = {
  'messages/received': 'Packets received',
  'messages/sent': 'Packets sent',
  'publish/received': 'Published to the broker',
  'publish/sent': 'Sent to subscribers',
  'publish/dropped': 'Dropped',
  'bytes/received': 'Bytes received',
  'bytes/sent': 'Bytes sent',
  sockets: 'Connections opened',
  connections: 'CONNECT received',
};
const loadTopic = /^load\/(.+)\/(1min|5min|15min)$/;

/** Which broker these names are of; `unknown` where they are of none of them, `none` where there are no names. */
export function recogniseBroker(topics: Iterable<string>): BrokerKind | 'unknown' | 'none' {
  let found: BrokerKind | 'unknown' | 'none' = 'none';
  for (const topic of topics) {
    if (!topic.startsWith('$SYS/')) {
      continue;
    }
    const [, first = '', second = '', ...rest] = topic.split('/');
    if (first === 'brokers') {
      return 'emqx';
    }
    const name = [second, ...rest].join('/');
    if (first === 'broker') {
      if (loadTopic.test(name) || name.startsWith('publish/') || name.startsWith('store/')) {
        return 'mosquitto';
      }
      if (Object.hasOwn(hivemq, name) || name.startsWith('messages/publish/')) {
        return 'hivemq';
      }
      found = 'unknown';
    } else if (first.includes('@') && Object.hasOwn(vernemq, name)) {
      return 'vernemq';
    } else {
      found = 'unknown';
    }
  }
  return found;
}

/** What a topic under `$SYS` tells; `undefined` where the name is not known. Nodes of a cluster are named in the label. */
export function sysName(topic: string): SysName | undefined {
  const parts = topic.split('/');
  if (parts[0] !== '$SYS') {
    return undefined;
  }
  if (parts[1] === 'broker') {
    const name = parts.slice(2).join('/');
    return own(conventional, name) ?? own(hivemq, name) ?? loadName(name);
  }
  if (parts[1] === 'brokers') {
    return ofNode(own(emqx, parts.slice(3).join('/')), parts[2]);
  }
  return ofNode(own(vernemq, parts.slice(2).join('/')), parts[1]);
}

function loadName(name: string): SysName | undefined {
  const [, of = '', span = ''] = loadTopic.exec(name) ?? [];
  const label = Object.hasOwn(loadNames, of) ? loadNames[of] : undefined;
  return label === undefined
    ? undefined
    : gauge('Load, averages a minute', `${label}, ${span.replace('min', ' min')}`);
}

function ofNode(name: SysName | undefined, node: string | undefined): SysName | undefined {
  return name === undefined ? undefined : { ...name, label: `${name.label} (${node})` };
}

function own(names: Names, name: string): SysName | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** The number that a value under `$SYS` begins with (`123`, `1.5`, `123 seconds`); undefined where it is none. */
export function sysNumber(value: string): number | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:\s+(?:seconds?|bytes?|%))?\s*$/.exec(value);
  const number = Number(match?.[1] ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}
