import { Button } from '@mantine/core';
import { ScanEye } from 'lucide-react';
import { useState } from 'react';
import type { Profile } from '#app/profile/profile.ts';
import { ExposureDialog } from './exposure-dialog.tsx';
import { expectedStages } from './stages.ts';
import { TestButton } from './test-button.tsx';
import { savePin } from './trust.ts';

/** What can be found out about a saved connection: whether it works, and what it gives away. */
export function ProfileDiagnosis({ profile }: { readonly profile: Profile }) {
  const [isExposureOpen, setExposureOpen] = useState(false);
  const isEncrypted = profile.protocol === 'mqtts' || profile.protocol === 'wss';
  return (
    <>
      <TestButton
        target={() => ({ profile })}
        expected={expectedStages(profile)}
        onTrust={async (certificate) => ({ profile: await savePin(profile, certificate) })}
      />
      {isEncrypted && profile.socketPath === '' && (
        <Button
          variant="default"
          leftSection={<ScanEye size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => setExposureOpen(true)}
        >
          Exposure check
        </Button>
      )}
      {isExposureOpen && (
        <ExposureDialog profile={profile} target={{ profile }} onClose={() => setExposureOpen(false)} />
      )}
    </>
  );
}
