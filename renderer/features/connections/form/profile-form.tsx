import { Button, Tabs } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { type ProfileTab, profileTabs } from '#app/profile/problems.ts';
import type { Profile } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { showFailure } from '#renderer/commands/notify.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';
import { openProfile } from '#renderer/state/actions.ts';
import { useEnvironment } from '#renderer/state/engine-data.ts';
import { useHome } from '#renderer/state/home.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { expectedStages } from '../diagnosis/stages.ts';
import { TestButton } from '../diagnosis/test-button.tsx';
import { withPin } from '../diagnosis/trust.ts';
import { AdvancedTab } from './advanced-tab.tsx';
import {
  changeDraft,
  closeDraft,
  draftContent,
  draftKey,
  draftProblems,
  newDraft,
  openDraft,
  type ProfileDraft,
  patchProfile,
  useDrafts,
} from './draft.ts';
import { problemLookup, type TabProps } from './fields.tsx';
import styles from './form.module.css';
import { GeneralTab } from './general-tab.tsx';
import { Mqtt5Tab } from './mqtt5-tab.tsx';
import { SecurityTab } from './security-tab.tsx';
import { SubscriptionsTab } from './subscriptions-tab.tsx';
import { WillTab } from './will-tab.tsx';

const panels: Readonly<Record<ProfileTab, (props: TabProps) => React.ReactNode>> = {
  General: GeneralTab,
  Security: SecurityTab,
  'Last will': WillTab,
  'MQTT 5': Mqtt5Tab,
  Subscriptions: SubscriptionsTab,
  Advanced: AdvancedTab,
};

/** Part of an element id, where a space would end it. */
function tabId(name: ProfileTab): string {
  return name.toLowerCase().replace(' ', '-');
}

export interface ProfileFormProps {
  /** `undefined`: a new one. */
  readonly profile: Profile | undefined;
  onDone(result: { readonly kind: 'saved' | 'cancelled'; readonly profileId?: string }): void;
}

/**
 * The form of one profile. Save keeps and closes; Connect keeps, closes and connects. What would fail when connecting
 * is said before, at its field; a draft outlives a look at another tab and is dropped by Cancel only.
 */
export function ProfileForm({ profile: saved, onDone }: ProfileFormProps) {
  const key = draftKey(saved);
  const kept = useDrafts((state) => state.drafts[key]);
  const form = useRef<HTMLElement>(null);
  const [tab, setTab] = useState<ProfileTab>('General');
  const [isChecked, setChecked] = useState(false);
  const [busy, setBusy] = useState<'save' | 'connect' | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [initial] = useState(() => newDraft(saved, useHome.getState().newGroup));
  useEffect(() => openDraft(key, initial), [key, initial]);
  const draft = kept ?? initial;
  const environment = useEnvironment(draft.profile.environmentId);
  const problems = useMemo(() => draftProblems(draft, environment), [draft, environment]);
  const shown = isChecked ? problems : [];

  /** Files that are read and sorted yet: who drops them and saves at once means them to be kept. */
  const pending = useRef(new Set<Promise<unknown>>());
  const settled = async (): Promise<ProfileDraft> => {
    while (pending.current.size > 0) {
      await Promise.allSettled(pending.current);
    }
    return useDrafts.getState().drafts[key] ?? draft;
  };

  /** Shows what is wrong, if anything is, and goes there. */
  const isSound = (newest: ProfileDraft) => {
    setChecked(true);
    setFailure(undefined);
    const first = draftProblems(newest, environment)[0];
    if (first !== undefined) {
      setTab(first.tab);
      // Once that tab is drawn.
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[role="tabpanel"] [aria-invalid="true"]')?.focus(),
      );
    }
    return first === undefined;
  };
  const submit = async (kind: 'save' | 'connect') => {
    if (busy !== undefined) {
      return;
    }
    setBusy(kind);
    const newest = await settled();
    if (!isSound(newest)) {
      setBusy(undefined);
      return;
    }
    let profileId: string;
    try {
      profileId = (await engineClient().main('profiles.save', draftContent(newest))).id;
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(undefined);
      return;
    }
    if (kind === 'connect') {
      try {
        await openProfile(profileId);
      } catch (error) {
        // The profile is kept all the same: the form has done its part.
        showFailure(toFailure(error));
      }
    }
    closeDraft(key);
    onDone({ kind: 'saved', profileId });
  };
  const cancel = () => {
    closeDraft(key);
    onDone({ kind: 'cancelled' });
  };

  const group = 'Form';
  useCommand({ id: 'form.save', label: 'Save', group, shortcut: 'mod+S', run: () => submit('save') });
  useCommand({
    id: 'form.connect',
    label: 'Save and connect',
    group,
    shortcut: 'mod+Enter',
    run: () => submit('connect'),
  });
  useCommand({ id: 'form.cancel', label: 'Cancel', group, keywords: ['discard'], run: cancel });

  const props: TabProps = {
    draft,
    profile: draft.profile,
    change: (patch) =>
      changeDraft(key, ({ profile }) => ({
        profile: patchProfile(profile, typeof patch === 'function' ? patch(profile) : patch),
      })),
    changeSecret: (secret, value) => changeDraft(key, () => ({ [secret]: value })),
    changeNamedSecret: (name, value) =>
      changeDraft(key, ({ secrets }) => ({ secrets: { ...secrets, [name]: value } })),
    waitFor: (work) => {
      pending.current.add(work);
      void work.catch(() => undefined).then(() => pending.current.delete(work));
    },
    problem: problemLookup(shown),
  };
  const name = visibleText(draft.profile.name);
  const count = (wanted: ProfileTab) => shown.filter(({ tab: place }) => place === wanted).length;

  return (
    <section ref={form} className={styles.form} aria-label={draft.isNew ? 'New connection' : `Edit ${name}`}>
      <header className={styles.header}>
        <h2 className={styles.title}>{draft.isNew ? 'New connection' : name || 'Unnamed connection'}</h2>
        {draft.isChanged && <span className={styles.unsaved}>not saved yet</span>}
      </header>
      <Tabs
        value={tabId(tab)}
        onChange={(next) => setTab(profileTabs.find((title) => tabId(title) === next) ?? 'General')}
        className={styles.tabs}
        keepMounted={false}
      >
        <Tabs.List>
          {profileTabs.map((title) => (
            <Tabs.Tab
              key={title}
              value={tabId(title)}
              rightSection={count(title) > 0 ? <Wrong count={count(title)} /> : undefined}
            >
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {profileTabs.map((title) => {
          const Panel = panels[title];
          return (
            <Tabs.Panel key={title} value={tabId(title)} className={styles.panel}>
              <Panel {...props} />
            </Tabs.Panel>
          );
        })}
      </Tabs>
      <footer className={styles.footer}>
        {shown.length > 0 && (
          <p className={styles.error} role="alert">
            {shown[0]?.message}
            {shown.length > 1 ? ` (${shown.length - 1} more)` : ''}
          </p>
        )}
        {failure !== undefined && <FailureNote failure={failure} />}
        <div className={styles.actions}>
          <div className={styles.atStart}>
            <TestButton
              target={() => (isSound(draft) ? draftContent(draft) : undefined)}
              expected={expectedStages(draft.profile)}
              onTrust={async (certificate) => {
                const pinned = withPin(draft.profile, certificate, Date.now());
                props.change({ tls: pinned.tls });
                return draftContent({ ...draft, profile: pinned });
              }}
            />
          </div>
          <Button size="xs" variant="subtle" color="gray" onClick={cancel}>
            Cancel
          </Button>
          <Button size="xs" variant="default" loading={busy === 'save'} onClick={() => void submit('save')}>
            Save
          </Button>
          <Button size="xs" loading={busy === 'connect'} onClick={() => void submit('connect')}>
            Connect
          </Button>
        </div>
      </footer>
    </section>
  );
}

/** How many fields of a tab are wrong. */
function Wrong({ count }: { readonly count: number }) {
  return (
    <span className={styles.badge}>
      {count}
      <span className="visually-hidden"> {count === 1 ? 'field' : 'fields'} to correct</span>
    </span>
  );
}
