import type { RuleCodec } from '../profile/rules.ts';
import type { Codec } from './codec.ts';
import { codecById } from './registry.ts';

/** The codec that a rule chooses; `undefined` for `auto`, and for one that this version does not have. */
export function ruleCodec({ id }: RuleCodec): Codec | undefined {
  return codecById(id);
}
