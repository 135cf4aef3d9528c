import { create } from 'zustand';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { showView } from './views.ts';
import { onDidForgetSession } from './workspace.ts';

interface LibraryRequests {
  /** Per session: the message that is to be saved. */
  readonly wanted: Readonly<Record<string, MessageTemplate>>;
}

const useLibraryRequests = create<LibraryRequests>(() => ({ wanted: {} }));

onDidForgetSession((sessionId) => forgetSaveRequest(sessionId));

/** Opens the library and asks under which name a message is to be saved. */
export function requestSave(sessionId: string, message: MessageTemplate): void {
  useLibraryRequests.setState(({ wanted }) => ({ wanted: { ...wanted, [sessionId]: message } }));
  showView(sessionId, 'Library');
}

/** What is to be saved, until {@link forgetSaveRequest}. */
export function useSaveRequest(sessionId: string): MessageTemplate | undefined {
  return useLibraryRequests((state) => state.wanted[sessionId]);
}

export function forgetSaveRequest(sessionId: string): void {
  useLibraryRequests.setState(({ wanted }) => {
    const { [sessionId]: _gone, ...others } = wanted;
    return { wanted: others };
  });
}
