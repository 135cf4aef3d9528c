import { fileURLToPath } from 'node:url';
import { build as pack } from 'electron-builder';
import { build } from './build.ts';
import { isBuildStale } from './freshness.ts';
import { projectRoot } from './run.ts';

/**
 * `npm run package`: builds, then packs for this platform (or those named: `--win --mac --linux`, with `--dir` for
 * an unpacked folder). Electron's binaries are downloaded by electron-builder.
 */
export async function packageApp(args: readonly string[]): Promise<readonly string[]> {
  const named = (platform: string) => (args.includes(`--${platform}`) ? { [platform]: [] } : {});
  const platforms = { ...named('win'), ...named('mac'), ...named('linux') };
  return pack({
    projectDir: projectRoot,
    publish: 'never',
    ...platforms,
    ...(args.includes('--dir') ? { dir: true } : {}),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const unknown = args.find((each) => !['--win', '--mac', '--linux', '--dir'].includes(each));
  if (unknown !== undefined) {
    process.stderr.write(
      `Unknown option ${unknown}. Usage: npm run package [-- --win --mac --linux --dir]\n`,
    );
    process.exit(2);
  }
  if (isBuildStale(projectRoot)) {
    await build();
  }
  for (const file of await packageApp(args)) {
    process.stdout.write(`${file}\n`);
  }
}
