/** A server that a broker names instead of itself; a port that is not given is the present one. */
export interface ReferredServer {
  readonly host: string;
  readonly port?: number;
}

/** More than anybody would offer to choose from. */
const MAX_SERVERS = 20;

/**
 * The servers in a Server Reference, as far as they can be read. MQTT 5.0 section 4.11 suggests a list parted by spaces
 * of names or addresses, each with or without `:port`, an IPv6 address in brackets. A scheme before it, as some brokers
 * write it, is left out: it is never a reason to use TLS or not.
 */
export function parseServerReference(reference: string): readonly ReferredServer[] {
  return reference
    .split(/\s+/)
    .map(parseServer)
    .filter((server) => server !== undefined)
    .slice(0, MAX_SERVERS);
}

function parseServer(text: string): ReferredServer | undefined {
  const authority = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/.*$/, '');
  const match =
    /^\[([0-9a-f:.]+(?:%[\w.-]+)?)\](?::(\d{1,5}))?$/i.exec(authority) ??
    /^([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?)(?::(\d{1,5}))?$/i.exec(authority) ??
    // An address of IPv6 without brackets has no place for a port.
    /^((?:[0-9a-f]*:){2,}[0-9a-f.]*)$/i.exec(authority);
  const host = match?.[1];
  if (host === undefined || host.length > 255) {
    return undefined;
  }
  if (match?.[2] === undefined) {
    return { host };
  }
  const port = Number(match[2]);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
