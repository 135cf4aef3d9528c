import { Menu } from '@mantine/core';
import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import { levelsOf } from '#app/profile/groups.ts';
import { attempt } from '#renderer/commands/run.ts';
import { openProfile } from '#renderer/state/actions.ts';
import { requestCopyAs } from '#renderer/state/copy-as.ts';
import { editProfile, newConnection } from '#renderer/state/home.ts';
import { openExport } from '#renderer/state/transfer.ts';
import { GroupDialog } from './group-dialog.tsx';
import { deleteProfile, duplicateProfile, moveProfile, renameGroup } from './profile-actions.ts';

/** What the list asks in a dialog. */
export type ListDialog =
  | { readonly kind: 'move'; readonly profile: ProfileSummary }
  | { readonly kind: 'rename'; readonly path: string };

interface MenuProps {
  readonly onDialog: (dialog: ListDialog) => void;
}

/** What can be done with a connection of the list. */
export function ProfileMenu({ profile, onDialog }: MenuProps & { readonly profile: ProfileSummary }) {
  return (
    <>
      <Menu.Item onClick={() => attempt(() => openProfile(profile.id))}>Connect</Menu.Item>
      <Menu.Item onClick={() => editProfile(profile.id)}>Edit</Menu.Item>
      <Menu.Item onClick={() => attempt(() => duplicateProfile(profile))}>Duplicate</Menu.Item>
      <Menu.Item onClick={() => onDialog({ kind: 'move', profile })}>Move to a group…</Menu.Item>
      {profile.group !== '' && (
        <Menu.Item onClick={() => attempt(() => moveProfile(profile.id, { group: '' }))}>
          Take out of its group
        </Menu.Item>
      )}
      <Menu.Item onClick={() => requestCopyAs({ of: { profileId: profile.id } })}>Copy as program…</Menu.Item>
      <Menu.Item onClick={() => openExport([profile.id])}>Export…</Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={() => attempt(() => deleteProfile(profile))}>Delete</Menu.Item>
    </>
  );
}

/** What can be done with a group of the list. */
export function GroupMenu({ path, onDialog }: MenuProps & { readonly path: string }) {
  const parent = levelsOf(path).slice(0, -1).join('/');
  return (
    <>
      <Menu.Item onClick={() => newConnection(path)}>New connection in this group</Menu.Item>
      <Menu.Item onClick={() => onDialog({ kind: 'rename', path })}>Rename group…</Menu.Item>
      <Menu.Item onClick={() => attempt(() => renameGroup(path, parent))}>Dissolve group</Menu.Item>
    </>
  );
}

/** The open dialog of the list. */
export function ListDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: ListDialog;
  readonly onClose: () => void;
}) {
  return dialog.kind === 'move' ? (
    <GroupDialog
      title={`Move “${dialog.profile.name}” to a group`}
      action="Move"
      group={dialog.profile.group}
      onSubmit={(group) => moveProfile(dialog.profile.id, { group })}
      onClose={onClose}
    />
  ) : (
    <GroupDialog
      title="Rename group"
      action="Rename"
      group={dialog.path}
      onSubmit={(group) => renameGroup(dialog.path, group)}
      onClose={onClose}
    />
  );
}
