import { visibleText } from '#app/payload/visible-text.ts';

/** Like {@link visibleText}, but lines stay lines: for the detail of a failure, which a server may have worded. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
