import { beforeEach, describe, expect, it } from 'vitest';
import { stepTab } from './actions.ts';
import { useEngineData } from './engine-data.ts';
import {
  activateTab,
  clearSelection,
  forgetSession,
  requestPublish,
  selectMessage,
  selectTopic,
  useWorkspace,
} from './workspace.ts';

const first = useWorkspace.getState();

beforeEach(() => {
  useWorkspace.setState(first, true);
});

describe('selection', () => {
  it('follows the newest of a topic, and stays on a message that was chosen', () => {
    selectTopic('s1', 'a/b', 7);
    expect(useWorkspace.getState().selections.s1).toEqual({ topic: 'a/b', nodeId: 7, message: 'newest' });
    selectMessage('s1', 'a/b', 7, 42);
    expect(useWorkspace.getState().selections.s1?.message).toBe(42);
  });

  it('is kept for each session, and forgotten for one alone', () => {
    selectTopic('s1', 'a', 1);
    selectTopic('s2', 'b', 2);
    clearSelection('s1');
    expect(useWorkspace.getState().selections).toEqual({ s2: { topic: 'b', nodeId: 2, message: 'newest' } });
  });
});

it('makes each request to publish a new one, also the same again', () => {
  requestPublish('s1', { topic: 'a' });
  requestPublish('s1', { topic: 'a' });
  expect(useWorkspace.getState().publishRequests.s1).toEqual({ topic: 'a', serial: 2 });
});

it('steps through the tabs around the ends, home first', () => {
  useEngineData.setState({ sessions: ['s1', 's2'].map((sessionId) => ({ sessionId })) as never });
  const seen = [1, 1, 1, -1].map((step) => {
    stepTab(step as 1 | -1);
    return useWorkspace.getState().activeTab;
  });
  expect(seen).toEqual(['s1', 's2', 'home', 's2']);
  activateTab('closed meanwhile');
  stepTab(1);
  expect(useWorkspace.getState().activeTab).toBe('s1');
});

it('keeps nothing of a session that was closed', () => {
  selectTopic('s1', 'a', 1);
  requestPublish('s1', { topic: 'a', payload: { text: 'x'.repeat(1000), format: 'text' } });
  requestPublish('s2', { topic: 'b' });
  forgetSession('s1');
  expect(useWorkspace.getState().selections.s1).toBeUndefined();
  expect(Object.keys(useWorkspace.getState().publishRequests)).toEqual(['s2']);
});
