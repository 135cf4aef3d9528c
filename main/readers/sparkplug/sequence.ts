import type { SparkplugVerb } from '#app/payload/sparkplug/topic.ts';
import type { NodeEntity } from './entities.ts';

/**
 * Follows a node's sequence numbers (specification 3.0, section 5.4.4): 0 with NBIRTH, then one more with each message
 * of the node and its devices, 0 after 255. Tells what was left out, what came late, and what came twice.
 */
export function followSequence(
  node: NodeEntity,
  verb: SparkplugVerb,
  seq: bigint | undefined,
  isAlone: boolean,
  tell: (text: string) => void,
): void {
  if (seq === undefined) {
    tell(`${verb} without a sequence number`);
    return;
  }
  if (seq > 255n) {
    tell(`sequence ${seq} is none: it goes from 0 to 255`);
    return;
  }
  const number = Number(seq);
  const { seq: last, missing } = node;
  if (verb === 'NBIRTH' || last === undefined || isAlone) {
    if (verb === 'NBIRTH' && number !== 0) {
      tell(`NBIRTH has sequence ${number} instead of 0`);
    }
    missing.clear();
    node.seq = number;
    return;
  }
  const expected = (last + 1) % 256;
  if (number === expected) {
    missing.delete(number);
    node.seq = number;
    return;
  }
  if (missing.delete(number)) {
    tell(`sequence ${number} came late, after ${last}`);
    return;
  }
  if (number === last) {
    tell(`sequence ${number} came twice`);
    return;
  }
  const left = (number - expected + 256) % 256;
  for (let step = 0; step < left; step += 1) {
    missing.add((expected + step) % 256);
  }
  missing.delete(number);
  tell(
    `sequence jumped ${last} → ${number}: ${left === 1 ? '1 message is' : `${left} messages are`} missing`,
  );
  node.seq = number;
}
