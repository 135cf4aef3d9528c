import { create } from 'zustand';
import { showView } from './views.ts';
import { onDidForgetSession, selectTopic } from './workspace.ts';

/** What one pane asks of another within a session; a counter makes each request a new one. */
interface PaneRequests {
  /** MQTT filter that the message stream shall show. */
  readonly streamFilter: Readonly<Record<string, { readonly serial: number; readonly topicFilter: string }>>;
  /** Topic that the tree shall open and show. */
  readonly reveal: Readonly<Record<string, { readonly serial: number; readonly topic: string }>>;
}

const usePaneRequests = create<PaneRequests>(() => ({ streamFilter: {}, reveal: {} }));
let serial = 0;

onDidForgetSession((sessionId) => {
  usePaneRequests.setState(({ streamFilter, reveal }) => {
    const { [sessionId]: _filter, ...otherFilters } = streamFilter;
    const { [sessionId]: _topic, ...otherTopics } = reveal;
    return { streamFilter: otherFilters, reveal: otherTopics };
  });
});

/** Narrows the message stream of a session to a topic filter, and shows it. */
export function requestStreamFilter(sessionId: string, topicFilter: string): void {
  showView(sessionId, 'Messages');
  serial += 1;
  usePaneRequests.setState(({ streamFilter }) => ({
    streamFilter: { ...streamFilter, [sessionId]: { serial, topicFilter } },
  }));
}

/** Opens the tree of a session down to a topic and brings it into view. */
export function requestReveal(sessionId: string, topic: string): void {
  serial += 1;
  usePaneRequests.setState(({ reveal }) => ({ reveal: { ...reveal, [sessionId]: { serial, topic } } }));
}

/** Chooses a topic for the inspector and shows it in the tree. */
export function showTopic(sessionId: string, topic: string, nodeId: number): void {
  selectTopic(sessionId, topic, nodeId);
  requestReveal(sessionId, topic);
}

export function useStreamFilterRequest(sessionId: string) {
  return usePaneRequests((state) => state.streamFilter[sessionId]);
}

export function useRevealRequest(sessionId: string) {
  return usePaneRequests((state) => state.reveal[sessionId]);
}
