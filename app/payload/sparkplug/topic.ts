/** Message types of Sparkplug B about an edge node (N...) or a device (D...); specification 3.0, section 4. */
export const sparkplugVerbs = [
  'NBIRTH',
  'NDEATH',
  'NDATA',
  'NCMD',
  'DBIRTH',
  'DDEATH',
  'DDATA',
  'DCMD',
] as const;
export type SparkplugVerb = (typeof sparkplugVerbs)[number];

/** What a topic of Sparkplug B is about. */
export type SparkplugTopic =
  | {
      readonly kind: 'message';
      readonly verb: SparkplugVerb;
      readonly group: string;
      readonly node: string;
      /** Of messages about a device. */
      readonly device?: string;
    }
  /** State of a host application, by JSON (3.0) or by a word (before). */
  | { readonly kind: 'state'; readonly host: string; readonly isOld: boolean };

/** Name space of Sparkplug B. */
const NAMESPACE = 'spBv1.0';

/** Reads a topic of Sparkplug B; `undefined` where it is none. */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const parts = topic.split('/', 6);
  if (parts[0] === 'STATE' && parts.length === 2 && parts[1] !== '') {
    return { kind: 'state', host: parts[1] ?? '', isOld: true };
  }
  if (parts[0] !== NAMESPACE || parts.slice(1).includes('')) {
    return undefined;
  }
  if (parts.length === 3 && parts[1] === 'STATE') {
    return { kind: 'state', host: parts[2] ?? '', isOld: false };
  }
  const [, group = '', verbText, node = '', device] = parts;
  const verb = sparkplugVerbs.find((name) => name === verbText);
  if (verb === undefined || parts.length !== (verb.startsWith('D') ? 5 : 4)) {
    return undefined;
  }
  return { kind: 'message', verb, group, node, ...(device === undefined ? {} : { device }) };
}

/** The topic of a message about an edge node, or about a device of it. */
export function sparkplugTopic(verb: SparkplugVerb, group: string, node: string, device?: string): string {
  return `${NAMESPACE}/${group}/${verb}/${node}${device === undefined ? '' : `/${device}`}`;
}
