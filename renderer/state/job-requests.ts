import { create } from 'zustand';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { showView } from './views.ts';
import { onDidForgetSession } from './workspace.ts';

interface JobRequests {
  /** Per session: the message that a new job is to be made of. */
  readonly wanted: Readonly<Record<string, MessageTemplate>>;
}

const useJobRequests = create<JobRequests>(() => ({ wanted: {} }));

onDidForgetSession((sessionId) => forgetJobRequest(sessionId));

/** Opens the pane of jobs with a new one that repeats a message. */
export function requestJob(sessionId: string, message: MessageTemplate): void {
  useJobRequests.setState(({ wanted }) => ({ wanted: { ...wanted, [sessionId]: message } }));
  showView(sessionId, 'Automation');
}

/** What a new job is to be made of, until {@link forgetJobRequest}. */
export function useJobRequest(sessionId: string): MessageTemplate | undefined {
  return useJobRequests((state) => state.wanted[sessionId]);
}

export function forgetJobRequest(sessionId: string): void {
  useJobRequests.setState(({ wanted }) => {
    const { [sessionId]: _gone, ...others } = wanted;
    return { wanted: others };
  });
}
