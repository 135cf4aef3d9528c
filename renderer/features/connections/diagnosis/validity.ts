const DAY = 86_400_000;

/** `2026-01-02 to 2027-01-02, 99 days left`; all times in milliseconds since the epoch. */
export function describeValidity(
  validFrom: number,
  validTo: number,
  now: number,
): { readonly text: string; readonly isValid: boolean } {
  const span = `${dateOf(validFrom)} to ${dateOf(validTo)}`;
  if (now < validFrom) {
    return { text: `${span}, not yet valid`, isValid: false };
  }
  const days = Math.floor(Math.abs(validTo - now) / DAY);
  const words = days === 1 ? '1 day' : `${days} days`;
  return validTo < now
    ? { text: `${span}, expired ${days === 0 ? 'today' : `${words} ago`}`, isValid: false }
    : { text: `${span}, ${days === 0 ? 'ends today' : `${words} left`}`, isValid: true };
}

/** A date that no calendar has, as a broken certificate may hold, is said as such. */
function dateOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10);
}
