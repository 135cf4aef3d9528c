import { memo, type RefObject, useMemo, useRef, useState } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { MqttVersion, Subscription } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { nextColor, shortTopic } from '#renderer/commands/topic-actions.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEnvironment, useSession } from '#renderer/state/engine-data.ts';
import { setCollapsed } from '#renderer/state/layout.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import { draftOf, emptyDraft, offeredFilters, type SubscriptionDraft } from './subscription-draft.ts';
import { SubscriptionForm } from './subscription-form.tsx';
import { type SubscriptionActions, SubscriptionItem } from './subscription-item.tsx';
import classes from './subscriptions.module.css';
import { unresolvedRows } from './unresolved.ts';

/** What a session is subscribed to: kept in its profile, changeable at any time, each with the broker's answer. */
export function SubscriptionsPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <Subscriptions session={session} />;
}

const nothing = {};

function Subscriptions({ session }: { readonly session: SessionSummary }) {
  const { sessionId, state, profile } = session;
  const { window, failure } = useSessionFeed(sessionId, 'subscriptions', nothing);
  const [edited, setEdited] = useState<
    { readonly id: string; readonly draft: SubscriptionDraft } | undefined
  >();
  const field = useRef<HTMLInputElement>(null);
  const version = state.kind === 'connected' ? state.mqttVersion : profile.mqttVersion;
  const { subscriptions } = profile;

  // The session knows filters with their variables filled in; edited and brought back is what was written.
  const written = useRef(subscriptions);
  written.current = subscriptions;

  const actions = useMemo<SubscriptionActions>(
    () => ({
      change: (subscription) => attempt(() => change(sessionId, subscription)),
      edit: (subscription) =>
        setEdited({ id: subscription.id, draft: draftOf(asWritten(written.current, subscription)) }),
      remove: (subscription) => attempt(() => remove(sessionId, asWritten(written.current, subscription))),
    }),
    [sessionId],
  );

  useCommand({
    id: 'subscriptions.add',
    label: 'Subscribe to a topic…',
    group: 'Subscriptions',
    run: () => {
      setCollapsed('side', false);
      setCollapsed('subscriptions', false);
      // The pane may have to come into being first.
      setTimeout(() => field.current?.focus(), 50);
    },
  });

  const environment = useEnvironment(profile.environmentId);
  const rows = useMemo(() => {
    const known = new Set(window?.rows.map(({ subscription }) => subscription.id));
    const others = unresolvedRows(subscriptions, environment);
    return window && [...window.rows, ...others.filter(({ subscription }) => !known.has(subscription.id))];
  }, [window, subscriptions, environment]);
  return (
    <Pane role="region" aria-label="Subscriptions">
      <PaneHeader title="Subscriptions" count={rows?.length} />
      <PaneBody className={classes.body}>
        <AddSubscription session={session} version={version} filterRef={field} />
        {failure !== undefined && <FailureNote failure={failure} />}
        {rows?.length === 0 && (
          <p className={classes.nothing}>
            Nothing is subscribed. Enter a topic filter above; # stands for everything.
          </p>
        )}
        <ul className={classes.list}>
          {rows?.map((row) =>
            row.subscription.id === edited?.id ? (
              <li key={row.subscription.id} ref={showEdited} className={classes.edited}>
                <SubscriptionForm
                  draft={edited.draft}
                  onChange={(next) => setEdited({ id: edited.id, draft: next })}
                  context={{ version, state, others: subscriptions.filter(({ id }) => id !== edited.id) }}
                  action="Save"
                  onSubmit={() => {
                    actions.change(applied(row.subscription, edited.draft));
                    setEdited(undefined);
                  }}
                  onCancel={() => setEdited(undefined)}
                />
              </li>
            ) : (
              <SubscriptionItem key={row.subscription.id} row={row} actions={actions} />
            ),
          )}
        </ul>
      </PaneBody>
    </Pane>
  );
}

interface AddSubscriptionProps {
  readonly session: SessionSummary;
  readonly version: MqttVersion;
  readonly filterRef: RefObject<HTMLInputElement | null>;
}

/** The form for a new one, with the filters that are offered. Apart from the list, which is drawn with every count. */
const AddSubscription = memo(function AddSubscription({ session, version, filterRef }: AddSubscriptionProps) {
  const { sessionId, state, profile } = session;
  const { subscriptions } = profile;
  const [draft, setDraft] = useState(emptyDraft);
  const add = (wanted: SubscriptionDraft) =>
    attempt(async () => {
      const { color = nextColor(sessionId), filter, ...rest } = wanted;
      const subscription = newSubscription(filter, { ...rest, color });
      await engineClient().main('subscriptions.add', { sessionId, subscription });
      setDraft((current) => (current === wanted ? emptyDraft() : current));
    });
  return (
    <SubscriptionForm
      filterRef={filterRef}
      draft={draft}
      onChange={setDraft}
      context={{ version, state, others: subscriptions }}
      action="Subscribe"
      onSubmit={() => add(draft)}
    >
      {offeredFilters(subscriptions).map((filter) => (
        <button
          key={filter}
          type="button"
          className={classes.offer}
          title={filter === '#' ? 'Every topic of the broker' : 'What the broker says about itself'}
          aria-label={`Subscribe to ${filter}`}
          onClick={() => add({ ...draft, filter })}
        >
          {filter}
        </button>
      ))}
    </SubscriptionForm>
  );
});

/** Brings the form that replaced an item into view, ready to type. */
function showEdited(element: HTMLLIElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
  element?.querySelector('input')?.focus({ preventScroll: true });
}

function asWritten(all: readonly Subscription[], subscription: Subscription): Subscription {
  return all.find(({ id }) => id === subscription.id) ?? subscription;
}

function applied(subscription: Subscription, { color, ...rest }: SubscriptionDraft): Subscription {
  return { ...subscription, ...rest, ...(color === undefined ? {} : { color }) };
}

async function change(sessionId: string, subscription: Subscription): Promise<void> {
  await engineClient().main('subscriptions.change', { sessionId, subscription });
}

/** Removes at once; what was removed can be had back with the same settings. */
async function remove(sessionId: string, subscription: Subscription): Promise<void> {
  await engineClient().main('subscriptions.remove', { sessionId, subscriptionId: subscription.id });
  notify({
    level: 'info',
    message: `Unsubscribed from ${shortTopic(subscription.filter)}`,
    action: {
      label: 'Undo',
      run: () => attempt(() => engineClient().main('subscriptions.add', { sessionId, subscription })),
    },
  });
}
