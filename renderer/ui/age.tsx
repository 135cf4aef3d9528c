import { useNow } from './clock.ts';

/** How long ago in at most two words: `now`, `3 s`, `2 min`, `5 h`, `3 d`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) {
    return 'now';
  }
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** Live age of a moment (milliseconds since the epoch); all of them are updated by one timer, once a second. */
export function Age({ at, className }: { readonly at: number; readonly className?: string | undefined }) {
  const now = useNow();
  return (
    <time
      className={className === undefined ? 'tabular' : `tabular ${className}`}
      dateTime={new Date(at).toISOString()}
      title={new Date(at).toLocaleString()}
    >
      {formatAge(now - at)}
    </time>
  );
}
