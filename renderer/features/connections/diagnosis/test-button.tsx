import { Button } from '@mantine/core';
import { Stethoscope } from 'lucide-react';
import { useState } from 'react';
import type { DiagnosisTarget } from '#app/contract/operations/diagnosis.ts';
import type { DialStage, PresentedCertificate } from '#app/contract/session-state.ts';
import { TestDialog } from './test-dialog.tsx';

interface TestButtonProps {
  /** `undefined`: it can't be tested yet, and the form says why. Asked when the button is pressed. */
  target(): DiagnosisTarget | undefined;
  readonly expected: readonly DialStage[];
  readonly onTrust?: ((certificate: PresentedCertificate) => Promise<DiagnosisTarget>) | undefined;
}

/** “Test connection”, with its dialog. */
export function TestButton({ target, expected, onTrust }: TestButtonProps) {
  const [tested, setTested] = useState<DiagnosisTarget | undefined>(undefined);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Stethoscope size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => setTested(target())}
      >
        Test connection
      </Button>
      {tested !== undefined && (
        <TestDialog
          target={tested}
          expected={expected}
          onTrust={
            onTrust === undefined
              ? undefined
              : async (certificate) => {
                  const next = await onTrust(certificate);
                  setTested(next);
                  return next;
                }
          }
          onClose={() => setTested(undefined)}
        />
      )}
    </>
  );
}
