/**
 * What is run in the page to measure it. Frame gaps come from requestAnimationFrame. The age of the newest row of the
 * stream is taken one frame after its text changed, when it has been painted: `t` in its payload is the time of sending.
 */
export const startProbe = `(() => {
  const probe = { gaps: [], ages: [], last: undefined, running: true };
  window.__probe = probe;
  const grid = document.querySelector('[role=grid][aria-label=Messages]');
  let seen = '';
  let pending;
  const frame = (now) => {
    if (probe.last !== undefined) probe.gaps.push(now - probe.last);
    probe.last = now;
    if (pending !== undefined) { probe.ages.push(Date.now() - pending); pending = undefined; }
    const rows = grid === null ? [] : grid.querySelectorAll('[role=row]');
    const text = rows.length === 0 ? '' : rows[rows.length - 1].textContent;
    if (text !== seen) {
      seen = text;
      const match = /"t":\\s?(\\d{13})/.exec(text);
      if (match !== null) pending = Number(match[1]);
    }
    if (probe.running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

export const stopProbe = `(() => {
  const { gaps, ages } = window.__probe;
  window.__probe.running = false;
  return { gaps, ages };
})()`;

export interface ProbeResult {
  /** Milliseconds between two animation frames. */
  readonly gaps: readonly number[];
  /** Milliseconds from sending to the painted row. */
  readonly ages: readonly number[];
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
