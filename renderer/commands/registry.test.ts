import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Disposable } from '#app/base/disposable.ts';
import { commandForKey, listenForKeys } from './keys.ts';
import {
  type Command,
  enabledCommands,
  findCommand,
  registerCommand,
  useCommandRevision,
} from './registry.ts';

const registrations: Disposable[] = [];

function register(command: Partial<Command> & { readonly id: string }): Disposable {
  const registration = registerCommand({ label: command.id, group: 'Test', run: () => {}, ...command });
  registrations.push(registration);
  return registration;
}

afterEach(() => {
  for (const registration of registrations.splice(0)) {
    registration.dispose();
  }
});

const key = (init: Partial<KeyboardEvent>) => ({
  key: '',
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...init,
});

describe('registry', () => {
  it('gives the newest of several commands under one id, and the one before it once that has gone', () => {
    register({ id: 'connect', label: 'first' });
    const second = register({ id: 'connect', label: 'second' });
    expect(findCommand('connect')?.label).toBe('second');
    second.dispose();
    expect(findCommand('connect')?.label).toBe('first');
  });

  it('keeps the newer one when the older one goes first', () => {
    const first = register({ id: 'connect', label: 'first' });
    register({ id: 'connect', label: 'second' });
    first.dispose();
    expect(findCommand('connect')?.label).toBe('second');
  });

  it('forgets a command with its last registration, and tells of each change', () => {
    const heard = vi.fn();
    const unsubscribe = useCommandRevision.subscribe(heard);
    register({ id: 'gone' }).dispose();
    unsubscribe();
    expect(findCommand('gone')).toBeUndefined();
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('lists what is enabled at the moment of asking', () => {
    let isOn = false;
    register({ id: 'sometimes', enabled: () => isOn });
    expect(enabledCommands().map(({ id }) => id)).toEqual([]);
    isOn = true;
    expect(enabledCommands().map(({ id }) => id)).toEqual(['sometimes']);
  });
});

describe('commandForKey', () => {
  it('finds the command of Control+K in a text field, where a plain letter is text', () => {
    register({ id: 'palette', shortcut: 'mod+K' });
    register({ id: 'letter', shortcut: 'J' });
    expect(commandForKey(key({ key: 'k', ctrlKey: true }), true, false)?.id).toBe('palette');
    expect(commandForKey(key({ key: 'j' }), true, false)).toBeUndefined();
    expect(commandForKey(key({ key: 'j' }), false, false)?.id).toBe('letter');
  });

  it('takes Command for Control on a Mac, and leaves Alt with a letter to the text there', () => {
    register({ id: 'palette', shortcut: 'mod+K' });
    register({ id: 'new', shortcut: 'alt+N' });
    expect(commandForKey(key({ key: 'k', metaKey: true }), true, true)?.id).toBe('palette');
    expect(commandForKey(key({ key: 'k', ctrlKey: true }), true, true)).toBeUndefined();
    const altN = key({ key: '˜', code: 'KeyN', altKey: true });
    expect(commandForKey(altN, true, true)).toBeUndefined();
    expect(commandForKey(altN, false, true)?.id).toBe('new');
  });

  it('passes over a command that is not enabled', () => {
    register({ id: 'off', shortcut: 'F6', enabled: () => false });
    expect(commandForKey(key({ key: 'F6' }), false, false)).toBeUndefined();
  });
});

describe('listenForKeys', () => {
  it('runs a command once for each press of its key, and a step for as long as the key is held', () => {
    vi.stubGlobal('Element', class {});
    vi.stubGlobal('HTMLElement', class {});
    const target = new EventTarget();
    const [send, step] = [vi.fn(), vi.fn()];
    register({ id: 'send', shortcut: 'F8', run: send });
    register({ id: 'step', shortcut: 'F3', repeats: true, run: step });
    const listening = listenForKeys(target as Window);
    const press = (name: string, repeat: boolean) => {
      const event = Object.assign(new Event('keydown', { cancelable: true }), key({ key: name, repeat }));
      target.dispatchEvent(event);
      return event.defaultPrevented;
    };
    // The browser gets no repeated key either: a held Control+S would open its own dialog.
    expect([press('F8', false), press('F8', true), press('F8', true)]).toEqual([true, true, true]);
    expect(send).toHaveBeenCalledTimes(1);
    press('F8', false);
    expect(send).toHaveBeenCalledTimes(2);
    press('F3', false);
    press('F3', true);
    expect(step).toHaveBeenCalledTimes(2);
    listening.dispose();
    vi.unstubAllGlobals();
  });
});
