import type { Figure, Verdict } from '../row.ts';

const marks: Readonly<Record<Verdict, string>> = {
  pass: 'kept',
  miss: 'MISSED',
  unreached: 'not reached by the machine',
  info: '',
};

/** Figures as a table of plain text: what, measured, budget, verdict, and the notes below. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, budget, verdict }) => [what, measured, budget, marks[verdict]]);
  const lines = [['what', 'measured', 'budget', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const notes = figures.filter(({ note }) => note !== undefined).map(({ what, note }) => `${what}: ${note}`);
  return [...text, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}
