import { create } from 'zustand';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { useEngine } from '../client/engine.ts';

/** Why the last change of the layout was not kept; `undefined` once one was. */
export const useLayoutTrouble = create<{ readonly failure: Failure | undefined }>(() => ({
  failure: undefined,
}));

/**
 * Keeps pieces of the layout in the engine's settings. While the line is down there is nobody to keep them: they still
 * hold in this window, and the next change tries again. Any other failure goes to {@link useLayoutTrouble}.
 */
export async function keepLayout(layout: Readonly<Record<string, unknown>>): Promise<void> {
  const { client } = useEngine.getState();
  if (client === undefined) {
    return;
  }
  try {
    await client.main('settings.change', { layout: { ...layout } });
    useLayoutTrouble.setState({ failure: undefined });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code !== 'contract.closed') {
      useLayoutTrouble.setState({ failure });
    }
  }
}
