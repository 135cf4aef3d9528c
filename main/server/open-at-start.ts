import { toFailure } from '#app/contract/failure.ts';
import type { CommandLine } from '../services/command-line.ts';
import type { Engine } from '../services/engine.ts';

/**
 * Opens what the command line names; where it names nothing, the profiles that connect at start: who asks for one
 * broker gets that one. What fails on the way shows in the window; only a wrong address, which is a wrong option, is thrown (as a `url.*` failure).
 */
export async function openAtStart(
  engine: Pick<Engine, 'openUrl' | 'openDemo' | 'autoConnect' | 'notify'>,
  options: Pick<CommandLine, 'url' | 'demo'>,
): Promise<void> {
  try {
    if (options.url === undefined && !options.demo) {
      engine.autoConnect();
    }
    if (options.url !== undefined) {
      await engine.openUrl(options.url);
    }
    if (options.demo) {
      await engine.openDemo();
    }
  } catch (error) {
    const { code, message, hint, detail } = toFailure(error);
    if (code.startsWith('url.')) {
      throw error;
    }
    engine.notify({
      level: 'error',
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

/** The code with which a process ends that could not start: 2 for a wrong option. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return toFailure(error).code.startsWith('url.') ? 2 : 1;
}
