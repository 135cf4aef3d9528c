import { describe, expect, it } from 'vitest';
import { fail } from '#app/contract/failure.ts';
import { parseCommandLine } from '../services/command-line.ts';
import { openAtStart } from './open-at-start.ts';

/** What a command line makes the engine do. */
async function doneBy(...args: string[]): Promise<readonly string[]> {
  const done: string[] = [];
  const engine = {
    openUrl: async (url: string) => {
      done.push(`open ${url}`);
      if (url.includes('wrong')) {
        throw fail('url.host', 'wrong');
      }
      return 's';
    },
    openDemo: async () => {
      done.push('demo');
      throw fail('demo.broker', 'The demo broker could not be started.');
    },
    autoConnect: () => void done.push('auto-connect'),
    notify: ({ message }: { readonly message: string }) => void done.push(`notice: ${message}`),
  };
  const parsed = parseCommandLine(args);
  if (parsed.kind !== 'run') {
    throw new Error('not a command line that runs');
  }
  await openAtStart(engine, parsed.options).catch(() => done.push('refused'));
  return done;
}

describe('what is opened at start', () => {
  it('is what connects by itself, with every option that opens nothing else', async () => {
    expect(await doneBy()).toEqual(['auto-connect']);
    expect(await doneBy('--server', '--port', '0', '--no-open', '--data-dir', 'd')).toEqual(['auto-connect']);
    expect(await doneBy('--desktop', '--data-dir', 'd')).toEqual(['auto-connect']);
  });

  it('is only what the command line names, if it names something', async () => {
    expect(await doneBy('--server', 'mqtt://h')).toEqual(['open mqtt://h']);
    expect(await doneBy('--demo')).toEqual(['demo', 'notice: The demo broker could not be started.']);
    expect(await doneBy('--demo', 'mqtt://h')).toEqual([
      'open mqtt://h',
      'demo',
      'notice: The demo broker could not be started.',
    ]);
    expect(await doneBy('mqtt://wrong')).toEqual(['open mqtt://wrong', 'refused']);
  });
});
