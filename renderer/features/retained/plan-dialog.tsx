import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { MAX_RETAINED_RATE, type RetainedPlan } from '#app/contract/operations/retained.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { GuardedButton } from '#renderer/commands/guarded-button.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import classes from './retained.module.css';

/** Messages a second, unless the user wants another rate. */
export const DEFAULT_RATE = 200;

interface PlanDialogProps {
  readonly sessionId: string;
  readonly kind: 'clear' | 'restore';
  readonly plan: RetainedPlan;
  readonly onClose: () => void;
}

/** What and how many, before anything is sent. */
export function PlanDialog({ sessionId, kind, plan, onClose }: PlanDialogProps) {
  const [rate, setRate] = useState(DEFAULT_RATE);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const what = formatQuantity(plan.messages, 'retained message');
  const short = formatQuantity(plan.messages, 'message');
  const verb = kind === 'clear' ? 'Clear' : 'Restore';
  const more = plan.messages - plan.topics.length;
  const run = async (confirmation: { readonly confirmation?: string }) => {
    try {
      const input = { planId: plan.planId, perSecond: rate, ...confirmation };
      await engineClient().session(
        sessionId,
        kind === 'clear' ? 'retained.clear' : 'retained.restore',
        input,
      );
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${verb} ${what}?`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <p>
          {kind === 'clear'
            ? `${formatBytes(plan.bytes)} in ${formatQuantity(plan.messages, 'topic')}. An empty retained message is sent to each. What is there is read first, so that it can be undone in this session.`
            : `${formatBytes(plan.bytes)} in ${formatQuantity(plan.messages, 'topic')}${plan.takenAt === undefined ? '' : `, read from a broker ${new Date(plan.takenAt).toLocaleString()}`}. Each is published as retained, and subscribers receive it.${plan.replaces === 0 ? '' : ` In the list, ${formatQuantity(plan.replaces, 'topic')} of them ${plan.replaces === 1 ? 'has a message that is' : 'have messages that are'} replaced.`} It can be undone in this session.`}
        </p>
        {plan.branches.length > 1 && (
          <p>
            By first level:{' '}
            {plan.branches
              .map(({ name, messages }) => `${visibleText(name) || '(empty)'} ${formatCount(messages)}`)
              .join(', ')}
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
        <ul className={classes.topics} aria-label="Topics" tabIndex={0}>
          {plan.topics.map((topic) => (
            <li key={topic}>{visibleText(topic)}</li>
          ))}
          {more > 0 && <li>and {formatCount(more)} more</li>}
        </ul>
        {failure !== undefined && <FailureNote failure={failure} />}
        <div className={classes.buttons}>
          <RangeInput
            label="Messages per second"
            description={`Takes at least ${formatDuration((plan.messages / rate) * 1000)}`}
            inputWrapperOrder={['label', 'input', 'description']}
            min={1}
            max={MAX_RETAINED_RATE}
            hideControls={false}
            allowDecimal={false}
            value={rate}
            onChange={setRate}
          />
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <GuardedButton
            sessionId={sessionId}
            onConfirmed={run}
            {...(kind === 'clear' ? { color: 'red' } : {})}
          >
            {verb} {short}
          </GuardedButton>
        </div>
      </div>
    </Modal>
  );
}
