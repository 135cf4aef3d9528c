import { toFailure } from '#app/contract/failure.ts';
import type { Script } from '#app/script/script.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';

export interface Scripts {
  readonly scripts: readonly Script[];
  readonly isLoading: boolean;
  /** Resolves true once it is on the disk. */
  keep(script: Script): Promise<boolean>;
  /** With a way back. */
  remove(script: Script): void;
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
    remove(script) {
      const scriptIds = scripts.map(({ id }) => id);
      const undo = async () => {
        if (await keep(script)) {
          await engineClient().main('scripts.order', { profileId, scriptIds });
        }
      };
      engineClient()
        .main('scripts.remove', { profileId, scriptId: script.id })
        .then(
          () =>
            notify({
              level: 'info',
              message: `Removed the script “${script.name}”`,
              action: { label: 'Undo', run: () => void undo() },
            }),
          (error: unknown) => showFailure(toFailure(error)),
        );
    },
  };
}
