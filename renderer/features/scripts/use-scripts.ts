import { useEffect, useRef } from 'react';
import { toFailure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Script } from '#app/script/script.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';

export interface Scripts {
  readonly scripts: readonly Script[];
  readonly isLoading: boolean;
  /** Resolves true once it is on the disk. */
  keep(script: Script): Promise<boolean>;
  /** With a way back. Resolves true once it is gone. */
  remove(script: Script): Promise<boolean>;
}

/** Keeps what was typed into a script when its pane goes away. */
export function useKeptOnLeave(unsaved: Script | undefined, keep: Scripts['keep']): void {
  const latest = useRef({ unsaved, keep });
  useEffect(() => {
    latest.current = { unsaved, keep };
  });
  useEffect(
    () => () => {
      const { unsaved: left, keep: keepLeft } = latest.current;
      if (left !== undefined) {
        void keepLeft(named(left));
      }
    },
    [],
  );
}

/** With a name, whatever was typed as such. */
export function named(script: Script): Script {
  const name = script.name.trim();
  return { ...script, name: name === '' ? 'Script' : name };
}

/** The scripts that are kept for a profile, and how to change them. */
export function useScripts(profileId: string): Scripts {
  const { window } = useMainFeed('keptScripts', { profileId });
  const scripts = window?.scripts ?? [];
  const keep = async (script: Script) => {
    try {
      await engineClient().main('scripts.keep', { profileId, script: { ...script } });
      return true;
    } catch (error) {
      showFailure(toFailure(error));
      return false;
    }
  };
  return {
    scripts,
    isLoading: window === undefined,
    keep,
    async remove(script) {
      const scriptIds = scripts.map(({ id }) => id);
      try {
        await engineClient().main('scripts.remove', { profileId, scriptId: script.id });
      } catch (error) {
        showFailure(toFailure(error));
        return false;
      }
      const undo = async () => {
        if (await keep(script)) {
          await engineClient().main('scripts.order', { profileId, scriptIds });
        }
      };
      notify({
        level: 'info',
        message: `Removed the script “${visibleText(script.name)}”`,
        action: { label: 'Undo', run: () => attempt(undo) },
      });
      return true;
    },
  };
}
