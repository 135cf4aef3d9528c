import { execFileSync } from 'node:child_process';

/** TypeScript sources of the project, tracked or new, as paths relative to `root`. */
export function sourceFiles(root: string): readonly string[] {
  const output = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return output.split('\n').filter((file) => file !== '' && !file.endsWith('.d.ts'));
}
