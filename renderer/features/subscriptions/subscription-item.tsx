import { CircleAlert, Eye, EyeOff, Pencil, Power, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import type { SubscriptionResult, SubscriptionRow } from '#app/contract/feeds/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Subscription } from '#app/profile/profile.ts';
import { ColorBar } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './subscriptions.module.css';

/** What can be done with a subscription; stable, so that an item is drawn again only when it changed. */
export interface SubscriptionActions {
  change(subscription: Subscription): void;
  edit(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

interface SubscriptionItemProps {
  readonly row: SubscriptionRow;
  readonly actions: SubscriptionActions;
}

/** One subscription: its filter, what the broker answered, how much came by it. */
export const SubscriptionItem = memo(
  SubscriptionItemView,
  (last, next) => last.actions === next.actions && JSON.stringify(last.row) === JSON.stringify(next.row),
);

function SubscriptionItemView({ row, actions }: SubscriptionItemProps) {
  const { subscription, result, messages } = row;
  const { filter, enabled, muted, color } = subscription;
  const shown = visibleText(filter);
  return (
    <li className={classes.item} data-off={!enabled || undefined}>
      <ColorBar color={enabled ? color : 'gray'} />
      <div className={classes.line}>
        <span className={classes.filter} title={shown}>
          <CutText text={shown} />
        </span>
        <ItemButtons subscription={subscription} shown={shown} actions={actions} />
      </div>
      <div className={classes.facts}>
        <span className={classes.state} data-kind={result.kind}>
          {stateWords(subscription, result)}
        </span>
        {muted && <span>muted</span>}
        <span className={classes.count}>{formatQuantity(messages, 'message')}</span>
      </div>
      {result.kind === 'refused' && enabled && (
        <div role="alert" className={classes.refused}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          <span title={result.failure.detail}>
            {result.failure.message}
            {result.failure.hint !== undefined && <small>{result.failure.hint}</small>}
          </span>
        </div>
      )}
    </li>
  );
}

interface ItemButtonsProps {
  readonly subscription: Subscription;
  readonly shown: string;
  readonly actions: SubscriptionActions;
}

/** Apart from the item, whose count changes many times a second. */
const ItemButtons = memo(
  function ItemButtons({ subscription, shown, actions }: ItemButtonsProps) {
    const { enabled, muted } = subscription;
    return (
      <>
        <IconButton
          compact
          icon={muted ? EyeOff : Eye}
          label={muted ? `Show messages of ${shown} in the stream` : `Mute ${shown}`}
          aria-pressed={muted}
          onClick={() => actions.change({ ...subscription, muted: !muted })}
        />
        <IconButton
          compact
          icon={Power}
          label={enabled ? `Switch ${shown} off` : `Switch ${shown} on`}
          onClick={() => actions.change({ ...subscription, enabled: !enabled })}
        />
        <IconButton
          compact
          icon={Pencil}
          label={`Edit ${shown}`}
          onClick={() => actions.edit(subscription)}
        />
        <IconButton
          compact
          icon={Trash2}
          label={`Remove ${shown}`}
          onClick={() => actions.remove(subscription)}
        />
      </>
    );
  },
  (last, next) =>
    last.actions === next.actions && JSON.stringify(last.subscription) === JSON.stringify(next.subscription),
);

function stateWords({ enabled, qos }: Subscription, result: SubscriptionResult): string {
  if (!enabled) {
    return `QoS ${qos}, off`;
  }
  switch (result.kind) {
    case 'idle':
      return `QoS ${qos}, sent on connect`;
    case 'pending':
      return `QoS ${qos}, waiting for the broker`;
    case 'granted':
      return result.qos === qos ? `QoS ${qos} granted` : `QoS ${qos} asked, ${result.qos} granted`;
    case 'refused':
      return `QoS ${qos} refused`;
  }
}
