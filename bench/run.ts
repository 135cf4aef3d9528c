import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchRow, Figure } from './row.ts';
import { table } from './support/table.ts';

/** `npm run bench [-- NAME...] [--json FILE] [--repeats N]`: runs the rows and prints what they found. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    repeats: { type: 'string', default: '3' },
    list: { type: 'boolean', default: false },
  },
});

const rows = await loadRows();
if (values.list) {
  for (const { name, about } of rows) {
    process.stdout.write(`${name.padEnd(16)}${about}\n`);
  }
  process.exit(0);
}
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no row ${unknown.join(', ')}. Rows: ${rows.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const wanted = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const repeats = Math.max(1, Number(values.repeats) || 3);
const figures: Figure[] = [];
for (const row of wanted) {
  try {
    figures.push(...(await row.run({ repeats, progress: (text) => process.stderr.write(`${text}\n`) })));
  } catch (error) {
    // One row that breaks must not take the others with it; it counts as missed.
    const measured = error instanceof Error ? error.message : String(error);
    figures.push({ what: row.name, measured, value: Number.NaN, budget: row.about, verdict: 'miss' });
  }
}
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
process.stdout.write(`\n${machine}; median of ${repeats}\n\n${table(figures)}\n`);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, repeats, at: new Date().toISOString(), figures }, undefined, 2)}\n`,
  );
}
process.exit(figures.some(({ verdict }) => verdict === 'miss') ? 1 : 0);

async function loadRows(): Promise<BenchRow[]> {
  const directory = new URL('./rows/', import.meta.url);
  const files = readdirSync(directory).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const loaded = await Promise.all(
    files.sort().map(async (file) => (await import(new URL(file, directory).href)) as { row: BenchRow }),
  );
  return loaded.map(({ row }) => row);
}
