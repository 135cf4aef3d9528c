import { create } from 'zustand';
import { onDidForgetSession } from './workspace.ts';

/** What a search found in a message, for whoever shows the whole of it. */
interface Found {
  readonly sequence: number;
  readonly texts: readonly string[];
}

const useFound = create<{ readonly found: Readonly<Record<string, Found>> }>(() => ({ found: {} }));
const none: readonly string[] = [];

onDidForgetSession((sessionId) => {
  useFound.setState(({ found }) => {
    const { [sessionId]: _gone, ...others } = found;
    return { found: others };
  });
});

/** Remembers what was found in the message that is chosen. */
export function setFoundTexts(sessionId: string, sequence: number, texts: readonly string[]): void {
  useFound.setState(({ found }) => ({ found: { ...found, [sessionId]: { sequence, texts } } }));
}

/** What was found in this message, as it is written there. */
export function useFoundTexts(sessionId: string, sequence: number | undefined): readonly string[] {
  return useFound(({ found }) => {
    const known = found[sessionId];
    return known !== undefined && known.sequence === sequence ? known.texts : none;
  });
}
