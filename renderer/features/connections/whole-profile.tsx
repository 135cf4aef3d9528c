import type { ReactNode } from 'react';
import type { Profile } from '#app/profile/profile.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';

interface WholeProfileProps {
  readonly profileId: string;
  readonly children: (profile: Profile) => ReactNode;
}

/** Fetches a profile, of which the list holds a summary only, and keeps it as it is now. Nothing until it is there. */
export function WholeProfile({ profileId, children }: WholeProfileProps) {
  const { window, failure } = useMainFeed('profile', { profileId });
  if (window?.profile?.id === profileId) {
    return children(window.profile);
  }
  return failure === undefined ? undefined : <FailureNote failure={failure} />;
}
