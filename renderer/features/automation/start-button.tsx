import { Play } from 'lucide-react';
import type { Job } from '#app/automation/job.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Guard } from '#app/profile/profile.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { startWords } from './job-words.ts';

interface StartButtonProps {
  readonly sessionId: string;
  readonly job: Job;
  readonly guard: Guard;
  /** It ran already. */
  readonly isAgain: boolean;
  readonly onStart: (confirmation?: Promise<string>) => void;
}

/** Starts a job; on a production connection it is held for as long as a publish is. */
export function StartButton({ sessionId, job, guard, isAgain, onStart }: StartButtonProps) {
  const confirmation = useConfirmation(sessionId);
  const words = isAgain ? 'Start again' : 'Start';
  const name = visibleText(job.name);
  if (guard === 'confirm') {
    return (
      <HoldButton
        size="compact-xs"
        holdFor={HOLD_TIME}
        leftSection={<Play size={12} strokeWidth={1.75} aria-hidden />}
        aria-label={`Hold: ${words} ${name}`}
        title={`Hold. ${startWords(job.what)}`}
        onBegin={() => confirmation.begin('hold')}
        onHeld={() => onStart(confirmation.take())}
      >
        Hold: {words}
      </HoldButton>
    );
  }
  return (
    <IconButton
      compact
      icon={Play}
      label={`${words} ${name}`}
      disabled={guard === 'readOnly'}
      onClick={() => onStart()}
    />
  );
}
