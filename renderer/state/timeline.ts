import { create } from 'zustand';
import type { Moment } from '#app/contract/operations/timeline.ts';
import { onDidForgetSession } from './workspace.ts';

interface Timelines {
  /** Sessions that are shown as they were; all others are live. */
  readonly moments: Readonly<Record<string, Moment>>;
  /** From 0 to 1: how far the tree is on its way to the moment. */
  readonly progress: Readonly<Record<string, number>>;
}

const useTimelines = create<Timelines>(() => ({ moments: {}, progress: {} }));

onDidForgetSession(returnToLive);

/** The moment at which a session is looked at; `undefined`: as messages come. */
export function useMoment(sessionId: string): Moment | undefined {
  return useTimelines((state) => state.moments[sessionId]);
}

export function momentOf(sessionId: string): Moment | undefined {
  return useTimelines.getState().moments[sessionId];
}

/** Shows a session as it was. */
export function showMoment(sessionId: string, moment: Moment): void {
  useTimelines.setState(({ moments }) => ({ moments: { ...moments, [sessionId]: moment } }));
}

/** Shows a session as messages come. */
export function returnToLive(sessionId: string): void {
  useTimelines.setState(({ moments, progress }) => {
    const { [sessionId]: _moment, ...otherMoments } = moments;
    const { [sessionId]: _progress, ...otherProgress } = progress;
    return { moments: otherMoments, progress: otherProgress };
  });
}

/** How far the tree of a session is; `undefined` while it is live. */
export function tellTreeProgress(sessionId: string, progress: number | undefined): void {
  useTimelines.setState((state) => {
    const { [sessionId]: last, ...others } = state.progress;
    if (last === progress) {
      return state;
    }
    return { progress: progress === undefined ? others : { ...others, [sessionId]: progress } };
  });
}

export function useTreeProgress(sessionId: string): number | undefined {
  return useTimelines((state) => state.progress[sessionId]);
}
