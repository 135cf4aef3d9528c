import type { Duplex } from 'node:stream';

/**
 * Ends the connection where mqtt.js would answer a packet that has no identifier: a PUBLISH at QoS 1 or 2, or a PUBREL,
 * that is cut off before it. The library then writes `undefined`, for which a stream throws out of the read that brought
 * the packet, and five bytes of a broker would end the session's worker with all that it keeps.
 */
export function guardWrites(stream: Duplex): void {
  const write = stream.write as (...given: unknown[]) => boolean;
  stream.write = (...given: unknown[]) => {
    if (given[0] !== undefined) {
      return write.apply(stream, given);
    }
    stream.destroy(new Error('A packet came without its packet identifier'));
    return false;
  };
}
