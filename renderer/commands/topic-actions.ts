import { visibleText } from '#app/payload/visible-text.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import { type ProfileColor, profileColors } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useEngineData } from '#renderer/state/engine-data.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { notify } from './notify.tsx';
import { attempt } from './run.ts';

/** Copies a topic as it is and says so. */
export async function copyTopic(topic: string): Promise<void> {
  await copyText(topic);
  notify({ id: 'copied', level: 'ok', message: `Copied ${shortTopic(topic)}` });
}

/** Adds a subscription; its result shows in the subscriptions pane. Can be undone. */
export async function subscribeTo(sessionId: string, filter: string): Promise<void> {
  const known = subscriptionsOf(sessionId).find((subscription) => subscription.filter === filter);
  if (known?.enabled === true) {
    notify({ level: 'info', message: `${shortTopic(filter)} is subscribed already.` });
    return;
  }
  if (known !== undefined) {
    await engineClient().main('subscriptions.change', {
      sessionId,
      subscription: { ...known, enabled: true },
    });
    return;
  }
  const subscription = newSubscription(filter, { color: nextColor(sessionId) });
  await engineClient().main('subscriptions.add', { sessionId, subscription });
  notify({
    level: 'info',
    message: `Subscribed to ${shortTopic(filter)}`,
    action: {
      label: 'Undo',
      run: () =>
        attempt(() =>
          engineClient().main('subscriptions.remove', { sessionId, subscriptionId: subscription.id }),
        ),
    },
  });
}

/** The data colour that the fewest subscriptions of a session have. */
export function nextColor(sessionId: string): ProfileColor {
  const used = subscriptionsOf(sessionId).map(({ color }) => color);
  const count = (color: ProfileColor) => used.filter((other) => other === color).length;
  const [first = 'blue', ...rest] = palette;
  return rest.reduce((best, color) => (count(color) < count(best) ? color : best), first);
}

/** Gray says nothing, red looks like an error: they come last. */
const palette: readonly ProfileColor[] = [
  'blue',
  'green',
  'violet',
  'orange',
  'teal',
  'pink',
  'yellow',
  ...profileColors.filter((color) => color === 'red' || color === 'gray'),
];

function subscriptionsOf(sessionId: string) {
  return (
    useEngineData.getState().sessions?.find((session) => session.sessionId === sessionId)?.profile
      .subscriptions ?? []
  );
}

/** A topic as part of a sentence: nothing hidden, cut in the middle. */
export function shortTopic(topic: string): string {
  const text = visibleText(topic.length <= 80 ? topic : `${topic.slice(0, 50)}…${topic.slice(-29)}`);
  return `“${text}”`;
}
