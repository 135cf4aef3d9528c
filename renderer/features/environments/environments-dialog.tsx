import { Button, Modal, TextInput } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Environment } from '#app/profile/variables.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEnvironments, useProfiles } from '#renderer/state/engine-data.ts';
import {
  closeEnvironments,
  openEnvironments,
  useEnvironmentsDialog,
} from '#renderer/state/environments-dialog.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { KeyValueEditor } from '#renderer/ui/key-value-editor.tsx';
import {
  draftOfEnvironment,
  type EnvironmentDraft,
  environmentOf,
  environmentProblem,
  newEnvironmentDraft,
} from './environment-draft.ts';
import classes from './environments-dialog.module.css';

/** The dialog “Environments”, and the command that opens it. */
export function EnvironmentsDialog() {
  const { isOpen, environmentId } = useEnvironmentsDialog();
  useCommand({
    id: 'environments.open',
    label: 'Environments…',
    group: 'Connection',
    keywords: ['variables', 'site', 'staging', 'placeholder'],
    run: () => openEnvironments(),
  });
  return isOpen ? <Editor initialId={environmentId} /> : undefined;
}

function Editor({ initialId }: { readonly initialId: string | undefined }) {
  const environments = useEnvironments();
  const [draft, setDraft] = useState<EnvironmentDraft>(() => {
    const first = environments.find(({ id }) => id === initialId) ?? environments[0];
    return first === undefined ? newEnvironmentDraft() : draftOfEnvironment(first);
  });
  const [isChanged, setChanged] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const others = environments.filter(({ id }) => id !== draft.id).map(({ name }) => name);
  const problem = environmentProblem(draft, others);

  const show = (next: EnvironmentDraft) => {
    setDraft(next);
    setChanged(false);
    setChecked(false);
    setFailure(undefined);
  };
  const change = (patch: Partial<EnvironmentDraft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    setChanged(true);
  };
  /** True when there is nothing left to save. */
  const save = async (): Promise<boolean> => {
    setChecked(true);
    setFailure(undefined);
    if (problem !== undefined) {
      return false;
    }
    try {
      const environment = environmentOf(draft);
      await engineClient().main('environments.save', {
        environment: { ...environment, variables: [...environment.variables] },
      });
      show(draftOfEnvironment(environment));
      return true;
    } catch (error) {
      setFailure(toFailure(error));
      return false;
    }
  };
  const remove = async (environment: Environment) => {
    const rest = environments.filter(({ id }) => id !== environment.id);
    await engineClient().main('environments.delete', { environmentId: environment.id });
    show(rest[0] === undefined ? newEnvironmentDraft() : draftOfEnvironment(rest[0]));
    notify({
      level: 'info',
      message: `Deleted the environment “${visibleText(environment.name)}”.`,
      action: {
        label: 'Undo',
        run: () => attempt(() => engineClient().main('environments.save', { environment })),
      },
    });
  };
  const saved = environments.find(({ id }) => id === draft.id);

  return (
    <Modal
      opened
      onClose={closeEnvironments}
      // What was typed is not lost to a click beside the dialog.
      closeOnClickOutside={!isChanged}
      title="Environments"
      size={760}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={classes.lead}>
        Named sets of variables. A connection that uses one may have <code>{'{{name}}'}</code> in host, path,
        client ID, user name, last will topic, topic filters and in the topic of Publish. Variables are not
        secret: they are stored as plain text and shown on screen.
      </p>
      <div className={classes.columns}>
        <nav aria-label="Environments" className={classes.list}>
          <ul>
            {environments.map((environment) => (
              <li key={environment.id}>
                <button
                  type="button"
                  className={classes.item}
                  aria-current={environment.id === draft.id || undefined}
                  onClick={() =>
                    attempt(async () => {
                      if (!isChanged || (await save())) {
                        show(draftOfEnvironment(environment));
                      }
                    })
                  }
                >
                  <span className="truncate">{visibleText(environment.name)}</span>
                  <span className={classes.count}>{environment.variables.length}</span>
                </button>
              </li>
            ))}
            {draft.isNew && (
              <li>
                <span className={classes.item} aria-current>
                  <span className="truncate">{visibleText(draft.name.trim() || 'New environment')}</span>
                </span>
              </li>
            )}
          </ul>
          {!draft.isNew && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() =>
                attempt(async () => {
                  if (!isChanged || (await save())) {
                    show(newEnvironmentDraft());
                  }
                })
              }
            >
              New environment
            </Button>
          )}
        </nav>
        <form
          className={classes.editor}
          aria-label="Environment"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <TextInput
            label="Environment name"
            value={draft.name}
            maxLength={100}
            data-autofocus
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <div className={classes.variables}>
            <KeyValueEditor
              label="Variables"
              noun="variable"
              keyLabel="Variable"
              rows={draft.variables}
              max={200}
              maxKeyLength={64}
              maxValueLength={4096}
              onChange={(variables) => change({ variables })}
            />
          </div>
          {isChecked && problem !== undefined && (
            <p role="alert" className={classes.problem}>
              {problem}
            </p>
          )}
          {failure !== undefined && <FailureNote failure={failure} />}
          <footer className={classes.actions}>
            {saved !== undefined && (
              <DeleteButton environment={saved} onDelete={() => attempt(() => remove(saved))} />
            )}
            <span className={classes.state}>{isChanged ? 'not saved yet' : ''}</span>
            <Button variant="subtle" color="gray" onClick={closeEnvironments}>
              {isChanged ? 'Cancel' : 'Close'}
            </Button>
            <Button type="submit" variant={isChanged ? 'filled' : 'default'}>
              Save
            </Button>
          </footer>
        </form>
      </div>
    </Modal>
  );
}

interface DeleteButtonProps {
  readonly environment: Environment;
  readonly onDelete: () => void;
}

/** Says how many connections would be left without their variables. */
function DeleteButton({ environment, onDelete }: DeleteButtonProps) {
  const users = useProfiles().filter(({ environmentId }) => environmentId === environment.id).length;
  return (
    <Button variant="subtle" color="red" onClick={onDelete}>
      {users === 0 ? 'Delete' : `Delete (used by ${formatQuantity(users, 'connection')})`}
    </Button>
  );
}
