import { notifications, notificationsStore } from '@mantine/notifications';
import { afterEach, describe, expect, it } from 'vitest';
import { notify, showFailure } from './notify.tsx';

const count = () => {
  const { notifications: shown, queue } = notificationsStore.getState();
  return shown.length + queue.length;
};

afterEach(() => {
  notifications.clean();
});

describe('notify', () => {
  it('shows one failure that comes again and again once', () => {
    const failure = { code: 'a.b', message: 'The broker did not answer.', hint: 'Try again.' };
    showFailure(failure);
    showFailure(failure);
    expect(count()).toBe(1);
    showFailure({ ...failure, hint: 'Wait.' });
    expect(count()).toBe(2);
  });

  it('shows each message that something can be done about, also where the words are the same', () => {
    const action = { label: 'Undo', run: () => {} };
    notify({ level: 'info', message: 'Deleted “Plant”', action });
    notify({ level: 'info', message: 'Deleted “Plant”', action });
    expect(count()).toBe(2);
  });
});
