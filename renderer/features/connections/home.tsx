import { Button } from '@mantine/core';
import { Braces, FlaskConical, MousePointerClick } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { runCommand } from '#renderer/commands/run.ts';
import { useEngineData, useProfiles } from '#renderer/state/engine-data.ts';
import { closeForm, useHome } from '#renderer/state/home.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { PaneHeader } from '#renderer/ui/pane.tsx';
import { PaneBoundary } from '#renderer/ui/pane-boundary.tsx';
import { ProfileForm, type ProfileFormProps } from './form/profile-form.tsx';
import classes from './home.module.css';
import { ProfileDetails } from './profile-details.tsx';
import { ProfileList } from './profile-list.tsx';
import { TransferMenu } from './transfer-menu.tsx';
import { WholeProfile } from './whole-profile.tsx';

/** The home tab: the list of profiles, beside it what one is, or its form. `welcome`: shown while there is none. */
export function Home({ welcome }: { readonly welcome: ReactNode }) {
  const isLoaded = useEngineData((state) => state.profiles !== undefined);
  const profiles = useProfiles();
  const { selected, view, formSerial } = useHome();
  const list = useRef<HTMLDivElement>(null);
  const isForm = view.kind !== 'details';
  const wasForm = useRef(isForm);
  // A form takes the focus away with it; it goes to the list, where Enter connects.
  useEffect(() => {
    if (wasForm.current && !isForm && document.activeElement === document.body) {
      list.current?.querySelector<HTMLElement>('[role="tree"]')?.focus({ preventScroll: true });
    }
    wasForm.current = isForm;
  }, [isForm]);
  if (!isLoaded) {
    return undefined;
  }
  if (profiles.length === 0 && view.kind !== 'new') {
    return welcome;
  }
  const current = profiles.find(({ id }) => id === selected) ?? profiles[0];
  const onDone: ProfileFormProps['onDone'] = ({ profileId }) => closeForm(profileId);
  const edited = view.kind === 'edit' ? profiles.find(({ id }) => id === view.profileId) : undefined;
  return (
    <div className={classes.home}>
      <h1 className="visually-hidden">Connections</h1>
      {profiles.length > 0 && (
        <div ref={list} className={classes.list}>
          <PaneHeader
            title="Saved connections"
            count={profiles.length}
            actions={
              <>
                <TransferMenu />
                <IconButton
                  icon={Braces}
                  label="Environments"
                  onClick={() => runCommand('environments.open')}
                />
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  leftSection={<FlaskConical size={14} strokeWidth={1.75} aria-hidden />}
                  onClick={() => runCommand('connection.demo')}
                >
                  Demo broker
                </Button>
              </>
            }
          />
          <ProfileList profiles={profiles} selected={current?.id} />
        </div>
      )}
      <div className={classes.beside} data-form={view.kind === 'new' || edited !== undefined || undefined}>
        <PaneBoundary name="the connection">
          {view.kind === 'new' ? (
            <ProfileForm key={formSerial} profile={undefined} onDone={onDone} />
          ) : edited !== undefined ? (
            <WholeProfile key={formSerial} profileId={edited.id}>
              {(profile) => <ProfileForm profile={profile} onDone={onDone} />}
            </WholeProfile>
          ) : current === undefined ? (
            <EmptyState icon={MousePointerClick} text="Choose a connection in the list." />
          ) : (
            <WholeProfile key={current.id} profileId={current.id}>
              {(profile) => <ProfileDetails profile={profile} />}
            </WholeProfile>
          )}
        </PaneBoundary>
      </div>
    </div>
  );
}
