import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importProblem, importsOf } from './import-rules.ts';
import { sourceFiles } from './source-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const problems: string[] = [];
for (const file of sourceFiles(root)) {
  for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
    const target = specifier.startsWith('.')
      ? relative(root, join(root, dirname(file), specifier))
      : specifier.startsWith('#')
        ? specifier.slice(1)
        : specifier;
    const problem = importProblem(file, target, !specifier.startsWith('.') && !specifier.startsWith('#'));
    if (problem !== undefined) {
      problems.push(`${file}: imports ${specifier}: ${problem}`);
    }
  }
}
for (const problem of problems) {
  process.stderr.write(`${problem}\n`);
}
process.stdout.write(
  problems.length === 0 ? 'Imports run the right way.\n' : `${problems.length} imports run the wrong way.\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
