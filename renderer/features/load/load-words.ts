import { formatCount, formatQuantity } from '#app/base/format.ts';
import { visibleText } from '#app/payload/visible-text.ts';

/** `1,000 messages`. */
export function messagesText(count: number): string {
  return formatQuantity(count, 'message');
}

/** `12 topics`, or the name of the only one. */
export function topicsText(topic: string, topics: number): string {
  return topics > 1 ? formatQuantity(topics, 'topic') : visibleText(topic);
}

/** Why a number cannot be taken, with what it is; `undefined` when it can. `where`: what the limit is of. */
export function numberProblem(
  label: string,
  value: number | '',
  { min, max }: { readonly min: number; readonly max: number },
  where = '',
): string | undefined {
  if (value === '' || value < min) {
    return `${label}: a whole number, at least ${min}.`;
  }
  return value > max ? `${label}: at most ${formatCount(max)}${where}.` : undefined;
}
