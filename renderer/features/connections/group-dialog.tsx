import { Autocomplete, Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { normalizeGroup } from '#app/profile/groups.ts';
import { useProfiles } from '#renderer/state/engine-data.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import classes from './ask-credentials.module.css';

interface GroupDialogProps {
  /** `Move “Plant” to a group`. */
  readonly title: string;
  readonly action: string;
  /** What the field begins with. */
  readonly group: string;
  readonly onSubmit: (group: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for the path of a group: one that there is, or a new one. */
export function GroupDialog({ title, action, group, onSubmit, onClose }: GroupDialogProps) {
  const [value, setValue] = useState(group);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const groups = [...new Set(useProfiles().map((profile) => profile.group))].filter(Boolean).toSorted();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await onSubmit(normalizeGroup(value));
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={visibleText(title)}
      size={400}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <Autocomplete
          label="Group"
          data-autofocus
          value={value}
          data={groups}
          maxLength={200}
          placeholder="none"
          description="Levels are parted by “/”. Empty: no group."
          onChange={setValue}
        />
        {failure !== undefined && <FailureNote failure={failure} />}
        <div className={classes.actions}>
          <Button variant="subtle" color="gray" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">{action}</Button>
        </div>
      </form>
    </Modal>
  );
}
