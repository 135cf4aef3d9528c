import { create } from 'zustand';
import { Emitter } from '#app/base/event.ts';
import type { PublishFormat } from '#app/profile/profile.ts';

/** What is chosen in the window of one session. Ids are void after its worker was restarted: see `SessionSummary.generation`. */
export interface SessionSelection {
  /** Whole topic name; the inspector follows it. Any node of the tree can be chosen, also one without messages. */
  readonly topic: string | undefined;
  readonly nodeId: number | undefined;
  /** The message in the inspector: one that was chosen, or `newest`, which follows the topic. */
  readonly message: number | 'newest' | undefined;
}

/** What another pane asks of the publish composer: a counter makes each request a new one. */
export interface PublishRequest {
  readonly serial: number;
  readonly topic: string;
  readonly payload?: { readonly text: string; readonly format: PublishFormat };
}

interface WorkspaceState {
  /** A session id, or `home`: the list of profiles and the form. */
  readonly activeTab: string;
  readonly selections: Readonly<Record<string, SessionSelection>>;
  readonly publishRequests: Readonly<Record<string, PublishRequest>>;
}

const nothingSelected: SessionSelection = { topic: undefined, nodeId: undefined, message: undefined };

/** Which tab is open and what is selected in each: ids only, the engine has the rest. */
export const useWorkspace = create<WorkspaceState>(() => ({
  activeTab: 'home',
  selections: {},
  publishRequests: {},
}));

export function activateTab(tab: string): void {
  useWorkspace.setState({ activeTab: tab });
}

/** Chooses a topic; the inspector shows and follows its newest message. */
export function selectTopic(sessionId: string, topic: string, nodeId: number): void {
  select(sessionId, { topic, nodeId, message: 'newest' });
}

/** Chooses one message and its topic; the inspector stays on it. */
export function selectMessage(sessionId: string, topic: string, nodeId: number, sequence: number): void {
  select(sessionId, { topic, nodeId, message: sequence });
}

/** Forgets what was selected in a session: it was closed, or its ids are void. */
export function clearSelection(sessionId: string): void {
  useWorkspace.setState(({ selections }) => {
    const { [sessionId]: _gone, ...others } = selections;
    return { selections: others };
  });
}

const forgotten = new Emitter<string>();

/** Fires with the id of a session that is closed: whatever is kept for it can go. */
export const onDidForgetSession = forgotten.event;

/** Forgets all that was kept for a session that is closed. */
export function forgetSession(sessionId: string): void {
  forgotten.fire(sessionId);
  clearSelection(sessionId);
  useWorkspace.setState(({ publishRequests }) => {
    const { [sessionId]: _gone, ...others } = publishRequests;
    return { publishRequests: others };
  });
}

/** Fills the publish composer of a session. */
export function requestPublish(sessionId: string, request: Omit<PublishRequest, 'serial'>): void {
  useWorkspace.setState(({ publishRequests }) => ({
    publishRequests: {
      ...publishRequests,
      [sessionId]: { ...request, serial: (publishRequests[sessionId]?.serial ?? 0) + 1 },
    },
  }));
}

export function useSelection(sessionId: string): SessionSelection {
  return useWorkspace((state) => state.selections[sessionId] ?? nothingSelected);
}

function select(sessionId: string, selection: SessionSelection): void {
  useWorkspace.setState(({ selections }) => ({ selections: { ...selections, [sessionId]: selection } }));
}
