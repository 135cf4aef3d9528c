import { Autocomplete, Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { type SavedMessage, SHARED, sendShortcuts } from '#app/library/saved-message.ts';
import { MessageFields } from '#renderer/editor/message-fields.tsx';
import { useTemplateContext } from '#renderer/state/template-context.ts';
import { shortcutKeys } from '#renderer/ui/shortcut.ts';
import classes from './library.module.css';

interface SaveDialogProps {
  readonly title: string;
  readonly initial: SavedMessage;
  /** The profile's id, or `shared`. */
  readonly initialOwner: string;
  readonly session: SessionSummary;
  /** Names that there are. */
  readonly folders: readonly string[];
  /** Names of the messages that have each key now. */
  readonly taken: ReadonlyMap<string, string>;
  readonly onSave: (message: SavedMessage, ownerId: string) => void;
  readonly onClose: () => void;
}

/** Name, folder, place, key and content of a saved message. */
export function SaveDialog(props: SaveDialogProps) {
  const { title, initial, initialOwner, session, folders, taken, onSave, onClose } = props;
  const [draft, setDraft] = useState(initial);
  const [owner, setOwner] = useState(initialOwner);
  const { profileId } = session;
  const { ruled, generators } = useTemplateContext(session, draft.message);
  const [wasSubmitted, setSubmitted] = useState(false);
  const change = (patch: Partial<SavedMessage>) => setDraft((before) => ({ ...before, ...patch }));
  const name = draft.name.trim();
  const nameProblem = wasSubmitted && name === '' ? 'Give it a name.' : undefined;
  const topicProblem = wasSubmitted && draft.message.topic === '' ? 'Enter the topic.' : undefined;
  const holder = draft.shortcut === undefined ? undefined : taken.get(draft.shortcut);
  return (
    <Modal opened onClose={onClose} title={title} size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className={classes.dialog}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setSubmitted(true);
          if (name !== '' && draft.message.topic !== '') {
            onSave({ ...draft, name, folder: draft.folder.trim() }, owner);
          }
        }}
      >
        <div className={classes.pair}>
          <TextInput
            label="Name"
            size="xs"
            data-autofocus
            maxLength={200}
            value={draft.name}
            error={nameProblem}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Autocomplete
            label="Folder"
            size="xs"
            maxLength={200}
            placeholder="none"
            data={[...folders]}
            value={draft.folder}
            onChange={(folder) => change({ folder })}
          />
          <NativeSelect
            label="For"
            size="xs"
            value={owner}
            data={[
              { value: profileId, label: 'This connection' },
              { value: SHARED, label: 'All connections' },
            ]}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <NativeSelect
            label="Key"
            size="xs"
            value={draft.shortcut ?? ''}
            data={[
              { value: '', label: 'none' },
              ...sendShortcuts.map((shortcut) => ({
                value: shortcut,
                label: shortcutKeys(shortcut).join('+'),
              })),
            ]}
            onChange={(event) => {
              const shortcut = sendShortcuts.find((key) => key === event.currentTarget.value);
              setDraft(({ shortcut: _, ...rest }) => (shortcut === undefined ? rest : { ...rest, shortcut }));
            }}
          />
        </div>
        {holder !== undefined && (
          <p className={classes.note} role="status">
            “{holder}” has this key now, and will be without.
          </p>
        )}
        <MessageFields
          message={draft.message}
          topicProblem={topicProblem}
          ruled={ruled}
          generators={generators}
          onChange={(message) => change({ message })}
        />
        <div className={classes.buttons}>
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit">
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
