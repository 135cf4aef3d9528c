import { useEffect, useRef } from 'react';
import { setCollapsed } from '#renderer/state/layout.ts';
import { changeDraft, takeRequest } from '#renderer/state/publish-draft.ts';
import { useWorkspace } from '#renderer/state/workspace.ts';

/** Takes over what another pane asks for, and shows it. */
export function usePublishRequests(
  sessionId: string,
  topicInput: { readonly current: HTMLInputElement | null },
  onTaken: () => void,
): void {
  const request = useWorkspace((state) => state.publishRequests[sessionId]);
  const latest = useRef(onTaken);
  latest.current = onTaken;
  useEffect(() => {
    if (request === undefined || !takeRequest(sessionId, request.serial)) {
      return;
    }
    const { topic, payload } = request;
    changeDraft(sessionId, payload === undefined ? { topic } : { topic, ...payload, file: undefined });
    setCollapsed('side', false);
    setCollapsed('publish', false);
    latest.current();
    topicInput.current?.focus();
    topicInput.current?.select();
  }, [sessionId, request, topicInput]);
}
