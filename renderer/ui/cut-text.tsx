import classes from './cut-text.module.css';

/** Texts up to this long are never split: what they lose at their end is short. */
const MIN_SPLIT_LENGTH = 16;
/** What stays before the split, so that the beginning is always seen; the style sheet keeps room for it. */
const MIN_HEAD = 4;

/** Where a text is split so that its last part stays in view: at the last slash if that is near the end, else by length. */
export function tailStart(text: string, maxTail: number): number {
  if (text.length < MIN_SPLIT_LENGTH) {
    return text.length;
  }
  const slash = text.lastIndexOf('/', text.length - 2);
  const start =
    slash >= text.length - maxTail && slash >= MIN_HEAD
      ? slash
      : Math.max(MIN_HEAD, text.length - Math.floor(maxTail / 2));
  const unit = text.charCodeAt(start);
  // Not through the middle of a surrogate pair.
  return unit >= 0xdc00 && unit <= 0xdfff ? start - 1 : start;
}

/** A line of text that loses its middle, not its end, where it does not fit: `plant/line1/…/temperature`. */
export function CutText({ text, maxTail = 24 }: { readonly text: string; readonly maxTail?: number }) {
  const start = tailStart(text, maxTail);
  if (start === text.length) {
    return <span className={classes.head}>{text}</span>;
  }
  return (
    <span className={classes.cut}>
      <span className={classes.head}>{text.slice(0, start)}</span>
      <span className={classes.tail}>{text.slice(start)}</span>
    </span>
  );
}
