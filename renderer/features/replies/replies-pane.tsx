import { Button } from '@mantine/core';
import { Lock, MessageSquareReply, Play, Plus, Square } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { MAX_REPLY_RULES, newReplyRule, type ReplyRule } from '#app/reply/reply-rule.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEdited } from '#renderer/commands/use-edited.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { showView } from '#renderer/state/views.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import paneTable from '#renderer/ui/pane-table.module.css';
import classes from './replies.module.css';
import { ReplyForm } from './reply-form.tsx';
import { ReplyRow } from './reply-row.tsx';
import { useReplyRules } from './use-reply-rules.ts';

/** Rules that answer messages by themselves, while they are switched on. */
export function RepliesPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <Replies session={session} />;
}

function Replies({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId } = session;
  const { guard } = session.profile;
  const { rules, isLoading, keep, remove, move } = useReplyRules(profileId);
  const { window } = useSessionFeed(sessionId, 'replies', {});
  const confirmation = useConfirmation(sessionId);
  const form = useEdited<ReplyRule>();
  const edited = form.item;
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const isOn = window?.isOn === true;
  const isNew = edited !== undefined && !rules.some(({ id }) => id === edited.id);
  const counts = new Map((isOn ? (window?.rules ?? []) : []).map((count) => [count.ruleId, count]));
  const isFull = rules.length >= MAX_REPLY_RULES;

  const attempt = async (run: () => Promise<unknown>) => {
    setFailure(undefined);
    try {
      await run();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  const start = (token?: Promise<string>) =>
    attempt(async () => {
      const confirmed = token === undefined ? {} : { confirmation: await token };
      await engineClient().session(sessionId, 'replies.start', {
        rules: structuredClone([...rules]),
        ...confirmed,
      });
    });
  const stop = () => attempt(() => engineClient().session(sessionId, 'replies.stop', {}));
  /** What was changed counts at once; whether rules are on, only the engine knows when a change is taken back later. */
  const follow = (changed: readonly ReplyRule[] | undefined) => {
    if (changed !== undefined) {
      void attempt(() =>
        engineClient().session(sessionId, 'replies.change', { rules: structuredClone([...changed]) }),
      );
    }
  };
  const add = () => form.open(newReplyRule(`Reply ${rules.length + 1}`));
  useCommand({
    id: 'replies.add',
    label: 'Add a reply rule',
    group: 'Replies',
    keywords: ['auto', 'answer', 'simulate', 'response'],
    enabled: () => !isFull,
    run: () => {
      showView(sessionId, 'Replies');
      add();
    },
  });
  const fields = (rule: ReplyRule) => (
    <ReplyForm
      key={rule.id}
      sessionId={sessionId}
      rule={rule}
      isNew={isNew}
      onChange={form.change}
      onCancel={form.close}
      onSubmit={() =>
        void keep({ ...rule, name: rule.name.trim() }).then((changed) => {
          if (changed !== undefined) {
            form.closeKept(rule);
            follow(changed);
          }
        })
      }
    />
  );
  return (
    <Pane role="region" aria-label="Replies">
      <PaneHeader
        title="Replies"
        count={rules.length}
        actions={
          <>
            {isOn ? (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
                onClick={() => void stop()}
              >
                Stop answering
              </Button>
            ) : (
              rules.length > 0 &&
              guard !== 'readOnly' &&
              (guard === 'confirm' ? (
                <HoldButton
                  size="compact-xs"
                  holdFor={HOLD_TIME}
                  leftSection={<Play size={12} strokeWidth={1.75} aria-hidden />}
                  onBegin={() => confirmation.begin('hold')}
                  onHeld={() => void start(confirmation.take())}
                >
                  Hold: Start answering
                </HoldButton>
              ) : (
                <Button
                  size="compact-xs"
                  leftSection={<Play size={12} strokeWidth={1.75} aria-hidden />}
                  onClick={() => void start()}
                >
                  Start answering
                </Button>
              ))
            )}
            <Button
              size="compact-xs"
              variant="default"
              disabled={isFull}
              leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={add}
            >
              Add rule
            </Button>
          </>
        }
      >
        {rules.length > 0 && (
          <span role="status" aria-label="Answering" className={isOn ? classes.on : classes.off}>
            {isOn ? 'answering' : 'off'}
            {isOn && window.skipped > 0 && `, ${formatCount(window.skipped)} messages not looked at`}
          </span>
        )}
      </PaneHeader>
      <PaneBody className={classes.body}>
        {guard === 'readOnly' && (
          <p className={paneForm.guard} role="note">
            <Lock size={14} strokeWidth={1.75} aria-hidden />
            Read-only: nothing is answered on this connection.
          </p>
        )}
        {failure !== undefined && <FailureNote failure={failure} />}
        {isNew && edited !== undefined && fields(edited)}
        {rules.length === 0 && !isNew && !isLoading && (
          <EmptyState
            icon={MessageSquareReply}
            text="No rule yet. A rule answers messages by itself: on some topics, if a condition holds, with a reply made of what was received."
          />
        )}
        {rules.length > 0 && (
          <table className={`${paneTable.table} ${classes.table}`} aria-label="Reply rules in their order">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">When</th>
                <th scope="col">Reply to</th>
                <th scope="col" className={paneTable.number}>
                  Matched
                </th>
                <th scope="col" className={paneTable.number}>
                  Replied
                </th>
                <th scope="col" className={paneTable.number}>
                  Last
                </th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) =>
                rule.id === edited?.id ? (
                  <tr key={rule.id}>
                    <td colSpan={7}>{fields(edited)}</td>
                  </tr>
                ) : (
                  <ReplyRow
                    key={rule.id}
                    rule={rule}
                    counts={counts.get(rule.id)}
                    onToggle={() => void keep({ ...rule, enabled: !rule.enabled }).then(follow)}
                    onEdit={() => form.open(rule)}
                    onRemove={() => remove(rule, follow)}
                    onMove={(by) => void move(rule.id, by).then(follow)}
                  />
                ),
              )}
            </tbody>
          </table>
        )}
      </PaneBody>
    </Pane>
  );
}
