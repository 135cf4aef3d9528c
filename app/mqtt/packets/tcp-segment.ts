/** A TCP segment as it was captured. */
export interface TcpSegment {
  readonly source: string;
  readonly sourcePort: number;
  readonly target: string;
  readonly targetPort: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

const TCP = 6;
/** Where IP may begin: at once, behind the header of a loopback device, Ethernet (with a VLAN), Linux cooked v1 and v2. */
const IP_PLACES = [0, 4, 14, 18, 16, 20];

/** The TCP segment in captured bytes, whatever link it came over; undefined: there is none. */
export function readTcpSegment(bytes: Uint8Array): TcpSegment | undefined {
  for (const at of IP_PLACES) {
    const segment = (bytes[at] ?? 0) >> 4 === 6 ? readIpv6(bytes, at) : readIpv4(bytes, at);
    if (segment !== undefined) {
      return segment;
    }
  }
  return undefined;
}

/** RFC 791 section 3.1. */
function readIpv4(bytes: Uint8Array, at: number): TcpSegment | undefined {
  const headerLength = ((bytes[at] ?? 0) & 15) * 4;
  const total = uint16(bytes, at + 2);
  const isFirst = (uint16(bytes, at + 6) & 0x3fff) === 0;
  if ((bytes[at] ?? 0) >> 4 !== 4 || headerLength < 20 || bytes[at + 9] !== TCP || !isFirst) {
    return undefined;
  }
  // Cards that cut segments by themselves leave the length 0.
  const end = total === 0 ? bytes.length : at + total;
  const address = (from: number) => bytes.subarray(from, from + 4).join('.');
  return readTcp(bytes, at + headerLength, end, address(at + 12), address(at + 16));
}

/** RFC 8200 section 3; without extension headers. */
function readIpv6(bytes: Uint8Array, at: number): TcpSegment | undefined {
  if (bytes[at + 6] !== TCP) {
    return undefined;
  }
  const length = uint16(bytes, at + 4);
  const address = (from: number) =>
    Array.from({ length: 8 }, (_, part) => uint16(bytes, from + part * 2).toString(16)).join(':');
  const end = length === 0 ? bytes.length : at + 40 + length;
  return readTcp(bytes, at + 40, end, `[${address(at + 8)}]`, `[${address(at + 24)}]`);
}

/** RFC 9293 section 3.1. */
function readTcp(
  bytes: Uint8Array,
  at: number,
  end: number,
  source: string,
  target: string,
): TcpSegment | undefined {
  const headerLength = ((bytes[at + 12] ?? 0) >> 4) * 4;
  if (headerLength < 20 || at + headerLength > Math.min(end, bytes.length)) {
    return undefined;
  }
  return {
    source,
    sourcePort: uint16(bytes, at),
    target,
    targetPort: uint16(bytes, at + 2),
    sequence: uint16(bytes, at + 4) * 65_536 + uint16(bytes, at + 6),
    payload: bytes.subarray(at + headerLength, end),
  };
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
