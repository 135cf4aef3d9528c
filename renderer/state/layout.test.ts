import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useEngine } from '../client/engine.ts';
import { keepSizes, loadLayout, resetLayout, setCollapsed, togglePane, useLayout } from './layout.ts';

const first = useLayout.getState();

beforeEach(() => {
  vi.useFakeTimers();
  useLayout.setState({ ...first, isLoaded: false }, true);
});

/** Stands in for the engine and remembers what it was told to keep. */
function engine() {
  const main = vi.fn((_operation: string, _input: unknown) => Promise.resolve());
  useEngine.setState({ kind: 'connected', epoch: 1, client: { main } as never }, true);
  return main;
}

describe('layout', () => {
  it('takes over what was kept once, and leaves out what it does not understand', () => {
    loadLayout({ panes: { sizes: { columns: { topics: 25 } }, collapsed: { side: true } } });
    expect(useLayout.getState().sizes).toEqual({ columns: { topics: 25 } });
    expect(useLayout.getState().collapsed).toEqual({ side: true });
    loadLayout({ panes: { sizes: {}, collapsed: {} } });
    expect(useLayout.getState().sizes).toEqual({ columns: { topics: 25 } });
  });

  it('starts with its own sizes when what was kept is damaged', () => {
    loadLayout({ panes: { sizes: { columns: { topics: 'wide' } } } });
    expect(useLayout.getState()).toMatchObject({ isLoaded: true, sizes: {} });
  });

  it('writes once after a burst of changes', () => {
    const main = engine();
    keepSizes('columns', { topics: 20 });
    keepSizes('columns', { topics: 21 });
    togglePane('topics');
    expect(main).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(main).toHaveBeenCalledTimes(1);
    expect(main).toHaveBeenCalledWith('settings.change', {
      layout: { panes: { sizes: { columns: { topics: 21 } }, collapsed: { topics: true }, timeline: false } },
    });
  });

  it('writes nothing when nothing changed', () => {
    const main = engine();
    setCollapsed('topics', false);
    vi.runAllTimers();
    expect(main).not.toHaveBeenCalled();
  });

  it('survives a change while the engine is away', () => {
    useEngine.setState({ kind: 'connecting', epoch: 2 }, true);
    resetLayout();
    expect(() => vi.runAllTimers()).not.toThrow();
  });
});
