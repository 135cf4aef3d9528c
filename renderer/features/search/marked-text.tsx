import type { Mark } from '#app/contract/feeds/search.ts';
import { visibleText } from '#app/payload/visible-text.ts';

/** A text with what was found in it marked. */
export function MarkedText({ text, marks }: { readonly text: string; readonly marks: readonly Mark[] }) {
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    parts.push(
      visibleText(text.slice(at, start)),
      <mark key={start}>{visibleText(text.slice(start, end))}</mark>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      {visibleText(text.slice(at))}
    </>
  );
}
