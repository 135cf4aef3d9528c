import { describe, expect, it, vi } from 'vitest';
import { DisposableStore, toDisposable } from './disposable.ts';
import { Emitter } from './event.ts';

describe('disposables', () => {
  it('release once, newest first', () => {
    const order: number[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => order.push(1)));
    store.add(toDisposable(() => order.push(2)));
    store.dispose();
    store.dispose();
    expect(order).toEqual([2, 1]);
  });

  it('release at once what comes after the end', () => {
    const store = new DisposableStore();
    store.dispose();
    const release = vi.fn();
    store.add(toDisposable(release));
    expect(release).toHaveBeenCalledOnce();
  });
});

describe('events', () => {
  it('reach each subscription of the same function until it ends', () => {
    const emitter = new Emitter<number>();
    const listener = vi.fn();
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    expect(listener.mock.calls).toEqual([[1], [1], [2]]);
  });

  it('reach listeners that were there when it was fired, even if one leaves meanwhile', () => {
    const emitter = new Emitter<void>();
    const second = vi.fn();
    emitter.event(() => subscription.dispose());
    const subscription = emitter.event(second);
    emitter.fire();
    expect(second).toHaveBeenCalledOnce();
  });
});
