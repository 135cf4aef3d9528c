/**
 * Where the workers' code lies. In a run from source each worker is its TypeScript file; in the built app the
 * bundles lie side by side in `dist/main/`.
 */
export function workerUrl(
  name: 'session' | 'readers' | 'diagnosis' | 'scripts',
  from: string = import.meta.url,
): URL {
  const isSource = from.split(/[?#]/, 1)[0]?.endsWith('.ts') === true;
  // A variable keeps bundlers from following the path: the workers have entries of their own.
  const folder = name === 'diagnosis' ? 'session/diagnosis' : name;
  const path = isSource ? `../${folder}/worker.ts` : `./${name}-worker.js`;
  return new URL(path, from);
}
