import { z } from 'zod';
import type { Script } from '../../script/script.ts';
import type { ScriptCheck, ScriptFault, ScriptLine } from '../../script/script-messages.ts';
import { defineFeed } from '../define.ts';

/** A script that was started. */
export interface ScriptStatus {
  readonly scriptId: string;
  readonly state: 'running' | 'stopped' | 'failed';
  readonly fault?: ScriptFault;
  /** Names of its commands. */
  readonly commands: readonly string[];
  /** Messages that it did not get: it was behind, or they were too large. */
  readonly missed: number;
  readonly passed: number;
  readonly failed: number;
  /** Checks that have begun and not ended; of a script that is over, they never will. */
  readonly pending: number;
}

export const scriptsFeeds = {
  /** The scripts of a session that were started; of one of them what it printed and what its checks came to. */
  scripts: defineFeed<{
    readonly scripts: readonly ScriptStatus[];
    /** The newest, the oldest first. */
    readonly lines: readonly ScriptLine[];
    readonly checks: readonly ScriptCheck[];
  }>()(z.object({ scriptId: z.string().max(64).optional() })),
};

export const keptScriptsFeeds = {
  /** The scripts that are kept for a profile. */
  keptScripts: defineFeed<{ readonly scripts: readonly Script[] }>()(
    z.object({ profileId: z.string().min(1).max(64) }),
  ),
};
