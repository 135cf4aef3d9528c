import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import { fail } from '#app/contract/failure.ts';
import { useEngine } from '../client/engine.ts';
import { keepLayout, useLayoutTrouble } from './keep-layout.ts';

const change = vi.fn();

beforeEach(() => {
  const client = { main: change } as unknown as ContractClient;
  useEngine.setState({ kind: 'connected', epoch: 1, client }, true);
});

afterEach(() => {
  vi.resetAllMocks();
  useEngine.setState({ kind: 'connecting', epoch: 0 }, true);
  useLayoutTrouble.setState({ failure: undefined });
});

describe('keepLayout', () => {
  it('tells why a change was not kept, until one is', async () => {
    change.mockRejectedValueOnce(fail('settings.write', 'The disk is full.'));
    await keepLayout({ panes: 1 });
    expect(useLayoutTrouble.getState().failure).toMatchObject({ code: 'settings.write' });
    change.mockResolvedValueOnce({});
    await keepLayout({ panes: 2 });
    expect(useLayoutTrouble.getState().failure).toBeUndefined();
    expect(change).toHaveBeenLastCalledWith('settings.change', { layout: { panes: 2 } });
  });

  it('says nothing of a line that is down, which the window tells already', async () => {
    change.mockRejectedValueOnce(fail('contract.closed', 'The connection to the engine was lost.'));
    await keepLayout({ panes: 1 });
    useEngine.setState({ kind: 'connecting', epoch: 2 }, true);
    await keepLayout({ panes: 2 });
    expect(useLayoutTrouble.getState().failure).toBeUndefined();
    expect(change).toHaveBeenCalledTimes(1);
  });
});
