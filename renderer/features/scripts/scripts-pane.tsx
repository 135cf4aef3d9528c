import { Button, Menu, TextInput } from '@mantine/core';
import { CodeXml, Lock, Play, Plus, Save, Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { MAX_SCRIPTS, type Script } from '#app/script/script.ts';
import { scriptExamples } from '#app/script/script-types.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { CodeEditor } from '#renderer/editor/code-editor.tsx';
import { useSession } from '#renderer/state/engine-data.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { showView } from '#renderer/state/views.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import { ScriptCommands } from './script-commands.tsx';
import { ScriptOutput } from './script-output.tsx';
import { problemsOf } from './script-problems.ts';
import classes from './scripts.module.css';
import { useScriptDraft } from './use-script-draft.ts';
import { useScripts } from './use-scripts.ts';

/** Scripts of a connection: written here, run in a sandbox of the engine. */
export function ScriptsPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <ScriptsOf session={session} />;
}

function ScriptsOf({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId } = session;
  const { guard } = session.profile;
  const kept = useScripts(profileId);
  const { scripts, isLoading } = kept;
  const draft = useScriptDraft(kept);
  const { shown, isUnsaved } = draft;
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const confirmation = useConfirmation(sessionId);
  const { window } = useSessionFeed(sessionId, 'scripts', shown === undefined ? {} : { scriptId: shown.id });
  const statuses = new Map((window?.scripts ?? []).map((status) => [status.scriptId, status]));
  const status = shown === undefined ? undefined : statuses.get(shown.id);
  const isRunning = status?.state === 'running';

  const attempt = async (run: () => Promise<unknown>) => {
    setFailure(undefined);
    try {
      await run();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  /** What is run is what is kept. */
  const start = (script: Script, token?: Promise<string>) =>
    attempt(async () => {
      const run = isUnsaved ? await draft.save() : script;
      if (run !== undefined) {
        const confirmed = token === undefined ? {} : { confirmation: await token };
        await engineClient().session(sessionId, 'script.start', { script: { ...run }, ...confirmed });
      }
    });
  const stop = (scriptId: string) =>
    attempt(() => engineClient().session(sessionId, 'script.stop', { scriptId }));
  const add = (example: { readonly name: string; readonly source: string }) => {
    const names = new Set(scripts.map(({ name }) => name));
    let name = example.name;
    for (let number = 2; names.has(name); number += 1) {
      name = `${example.name} ${number}`;
    }
    return draft.add({ id: crypto.randomUUID(), name, source: example.source });
  };
  useCommand({
    id: 'scripts.add',
    label: 'New script',
    group: 'Scripts',
    keywords: ['javascript', 'automation', 'test'],
    enabled: () => scripts.length < MAX_SCRIPTS,
    run: () => {
      showView(sessionId, 'Scripts');
      void add({ name: 'Script', source: '' });
    },
  });

  return (
    <Pane role="region" aria-label="Scripts">
      <PaneHeader
        title="Scripts"
        count={scripts.length}
        actions={
          <Menu position="bottom-end" returnFocus>
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="default"
                disabled={scripts.length >= MAX_SCRIPTS}
                leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              >
                New script
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void add({ name: 'Script', source: '' })}>Empty</Menu.Item>
              <Menu.Divider />
              {scriptExamples.map((example) => (
                <Menu.Item key={example.name} onClick={() => void add(example)}>
                  {example.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        }
      />
      {guard === 'readOnly' && (
        <p className={paneForm.guard} role="note">
          <Lock size={14} strokeWidth={1.75} aria-hidden />
          Read-only: scripts hear what comes; what they publish is refused.
        </p>
      )}
      {failure !== undefined && <FailureNote failure={failure} />}
      {shown === undefined ? (
        !isLoading && (
          <EmptyState
            icon={CodeXml}
            text="No script yet. A script hears messages, publishes, and checks what a device does. It runs in a sandbox without files and network; “New script” has examples."
          />
        )
      ) : (
        <div className={classes.body}>
          <ul className={classes.list} aria-label="Scripts of the connection">
            {scripts.map(({ id, name }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-current={id === shown.id || undefined}
                  onClick={() => void draft.choose(id)}
                >
                  <span className={classes.dot} data-state={statuses.get(id)?.state} aria-hidden />
                  <span className={classes.listName} title={visibleText(name)}>
                    {visibleText(name)}
                  </span>
                  <span className="visually-hidden">{statuses.get(id)?.state}</span>
                </button>
              </li>
            ))}
          </ul>
          <div className={classes.work}>
            <div className={classes.bar}>
              <TextInput
                aria-label="Name of the script"
                size="xs"
                maxLength={100}
                value={shown.name}
                onChange={(event) => draft.edit({ name: event.currentTarget.value })}
              />
              {isRunning ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
                  onClick={() => void stop(shown.id)}
                >
                  Stop
                </Button>
              ) : guard === 'confirm' ? (
                <HoldButton
                  size="compact-xs"
                  holdFor={HOLD_TIME}
                  leftSection={<Play size={12} strokeWidth={1.75} aria-hidden />}
                  onBegin={() => confirmation.begin('hold')}
                  onHeld={() => void start(shown, confirmation.take())}
                >
                  Hold: Run
                </HoldButton>
              ) : (
                <Button
                  size="compact-xs"
                  leftSection={<Play size={12} strokeWidth={1.75} aria-hidden />}
                  onClick={() => void start(shown)}
                >
                  Run
                </Button>
              )}
              <span className={classes.space} />
              <span
                role="status"
                aria-label="State of the script"
                className={classes.state}
                data-state={status?.state}
              >
                {status === undefined ? '' : status.state}
              </span>
              <IconButton
                compact
                icon={Save}
                label="Save the script"
                disabled={!isUnsaved}
                onClick={() => void draft.save()}
              />
              <IconButton
                compact
                icon={Trash2}
                label={`Remove ${visibleText(shown.name)}`}
                onClick={() => {
                  void stop(shown.id);
                  void draft.remove();
                }}
              />
            </div>
            {isRunning && status.commands.length > 0 && (
              <ScriptCommands
                key={shown.id}
                names={status.commands}
                onCommand={(name, argument) =>
                  void attempt(() =>
                    engineClient().session(sessionId, 'script.command', {
                      scriptId: shown.id,
                      name,
                      argument,
                    }),
                  )
                }
              />
            )}
            <div className={classes.editor}>
              <CodeEditor
                key={shown.id}
                ariaLabel="Script"
                language="javascript"
                value={shown.source}
                problems={problemsOf(shown.source, status, window?.checks ?? [], window?.lines ?? [])}
                onChange={(source) => source !== shown.source && draft.edit({ source })}
                onSubmit={() => guard !== 'confirm' && !isRunning && void start(shown)}
                submitHint="runs the script"
              />
            </div>
          </div>
          {status !== undefined && (
            <ScriptOutput
              name={shown.name}
              status={status}
              lines={window?.lines ?? []}
              checks={window?.checks ?? []}
            />
          )}
        </div>
      )}
    </Pane>
  );
}
