import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSession } from '#renderer/state/engine-data.ts';
import { HOLD_TIME, type HoldRequest, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { HoldButton } from '#renderer/ui/hold-button.tsx';

interface GuardedButtonProps extends Pick<ButtonProps, 'color' | 'size' | 'leftSection'> {
  readonly sessionId: string;
  /** Where the confirmation is from, if not from the session itself. */
  readonly request?: HoldRequest;
  readonly children: ReactNode;
  /** `confirmation` goes along with the operation. */
  readonly onConfirmed: (confirmation: { readonly confirmation?: string }) => Promise<void> | void;
}

/** A button for what changes something at the broker: to press, or to hold on a production connection; none on a read-only one. */
export function GuardedButton({ sessionId, request, children, onConfirmed, ...rest }: GuardedButtonProps) {
  const guard = useSession(sessionId)?.profile.guard ?? 'none';
  const confirmation = useConfirmation(sessionId, request);
  if (guard === 'readOnly') {
    return undefined;
  }
  if (guard === 'none') {
    return (
      <Button {...rest} onClick={() => void onConfirmed({})}>
        {children}
      </Button>
    );
  }
  return (
    <HoldButton
      {...rest}
      holdFor={HOLD_TIME}
      title="Production: hold for a second"
      onBegin={() => confirmation.begin('hold')}
      onHeld={() =>
        void confirmation.take().then(
          (token) => onConfirmed({ confirmation: token }),
          // Without a token the engine says why it refuses.
          () => onConfirmed({}),
        )
      }
    >
      {children}
    </HoldButton>
  );
}
