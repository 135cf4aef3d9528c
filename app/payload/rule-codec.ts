import type { Codec } from './codec.ts';
import { codecById, codecs } from './registry.ts';

/** The view that a rule chooses, as `app/profile/rules.ts` stores it. */
export interface ChosenView {
  readonly id: string;
  /** Of a binary template. */
  readonly template?: string | undefined;
}

/** What a rule may choose as view, in the order in which it is offered. */
export const ruleViews: readonly { readonly id: string; readonly label: string }[] = [
  { id: 'auto', label: 'Auto' },
  ...codecs.map(({ id, label }) => ({ id, label })),
];

/** The codec that a rule chooses; `undefined` for `auto`, and for one that this version does not have. */
export function ruleCodec({ id }: ChosenView): Codec | undefined {
  return codecById(id);
}
