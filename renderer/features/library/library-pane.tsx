import { Button, Menu } from '@mantine/core';
import { BookMarked, Ellipsis, Lock, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { movedBy } from '#app/library/arrange.ts';
import { keyHolders } from '#app/library/keys.ts';
import { libraryFile, type SavedMessage, SHARED } from '#app/library/saved-message.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { requestJob } from '#renderer/state/job-requests.ts';
import { setCollapsed } from '#renderer/state/layout.ts';
import { forgetSaveRequest, useSaveRequest } from '#renderer/state/library-requests.ts';
import { changeDraft, writtenMessage } from '#renderer/state/publish-draft.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import { saveFile } from '#renderer/ui/save-file.ts';
import { ImportDialog } from './import-dialog.tsx';
import classes from './library.module.css';
import { MessageList } from './message-list.tsx';
import type { MessageActions } from './message-row.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { type Library, useLibrary } from './use-library.ts';
import { useSending } from './use-sending.ts';

/** The saved messages of a connection and of all: sent by one click, or opened in the composer. */
export function LibraryPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <SavedMessages session={session} />;
}

interface Edited {
  readonly title: string;
  readonly message: SavedMessage;
  readonly owner: Library;
}

function SavedMessages({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId } = session;
  const { guard } = session.profile;
  const own = useLibrary(profileId, profileId);
  const shared = useLibrary(SHARED, profileId);
  const sender = useSending(session);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Edited | undefined>(undefined);
  const [isImporting, setImporting] = useState(false);
  const wanted = useSaveRequest(sessionId);
  const all = [...own.messages, ...shared.messages];
  const isEmpty = all.length === 0 && !own.isLoading && !shared.isLoading;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each request
  useEffect(() => {
    if (wanted !== undefined) {
      forgetSaveRequest(sessionId);
      const name = wanted.topic.slice(0, 200);
      setEdited({ title: 'Save message', message: newSaved({ name, message: wanted }), owner: own });
    }
  }, [sessionId, wanted]);
  const close = () => setEdited(undefined);
  const save = async ({ owner: before }: Edited, message: SavedMessage, ownerId: string) => {
    const owner = ownerId === SHARED ? shared : own;
    await freeKey(message, [own, shared]);
    const isKept = await owner.keep([message]);
    if (isKept && (ownerId === before.ownerId || (await before.takeAway(message)))) {
      close();
    }
  };
  const actionsFor = (library: Library): MessageActions => ({
    send: (message, confirmation) => void sender.send(message, confirmation),
    open(saved) {
      changeDraft(sessionId, { ...saved.message, file: undefined });
      setCollapsed('side', false);
      setCollapsed('publish', false);
    },
    edit: (message) => setEdited({ title: 'Edit saved message', message, owner: library }),
    duplicate(saved) {
      const { shortcut: _, ...rest } = saved;
      void library.keep([{ ...rest, id: crypto.randomUUID(), name: `${saved.name} (copy)`.slice(0, 200) }]);
    },
    repeat: ({ message }) => requestJob(sessionId, message),
    transfer(saved) {
      const to = library === shared ? own : shared;
      void to.keep([saved]).then((isKept) => (isKept ? library.takeAway(saved) : undefined));
    },
    remove: (message) => library.remove(message),
    step: (message, by) => library.arrange(movedBy(library.messages, message.id, by)),
  });
  const add = () => setEdited({ title: 'New message', message: newSaved({}), owner: own });
  useCommand({
    id: 'library.add',
    label: 'New saved message',
    group: 'Library',
    run: add,
  });
  useCommand({
    id: 'library.import',
    label: 'Import messages…',
    group: 'Library',
    keywords: ['mosquitto_pub', 'mqtt.fx'],
    run: () => setImporting(true),
  });

  const list = (library: Library, title: string) => (
    <MessageList
      title={title}
      sessionId={sessionId}
      library={library}
      isShared={library === shared}
      search={search}
      guard={guard}
      sender={sender}
      keys={keyHolders(all)}
      actions={actionsFor(library)}
    />
  );
  return (
    <Pane role="region" aria-label="Library">
      <PaneHeader
        title="Library"
        count={all.length}
        actions={
          <>
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() =>
                attempt(() => {
                  const message = writtenMessage(sessionId);
                  const name = message.topic.slice(0, 200);
                  setEdited({ title: 'Save message', message: newSaved({ name, message }), owner: own });
                })
              }
            >
              Save from Publish
            </Button>
            <Menu position="bottom-end" returnFocus>
              <Menu.Target>
                <IconButton icon={Ellipsis} label="More about the library" />
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={add}>New message…</Menu.Item>
                <Menu.Item onClick={() => setImporting(true)}>Import…</Menu.Item>
                {own.messages.length > 0 && (
                  <Menu.Item onClick={() => exportMessages(own.messages)}>
                    Export those of this connection
                  </Menu.Item>
                )}
                {shared.messages.length > 0 && (
                  <Menu.Item onClick={() => exportMessages(shared.messages)}>
                    Export those of all connections
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      {all.length > 0 && (
        <div className={classes.bar}>
          <FilterField label="Search the library" icon={Search} value={search} onChange={setSearch} />
        </div>
      )}
      <PaneBody className={classes.body}>
        {guard === 'readOnly' && (
          <p className={paneForm.guard} role="note">
            <Lock size={14} strokeWidth={1.75} aria-hidden /> Read-only: nothing is published on this
            connection.
          </p>
        )}
        {isEmpty && (
          <EmptyState
            icon={BookMarked}
            text="No saved message yet. Save what stands in Publish with Ctrl+S, or import messages from a file or from mosquitto_pub commands."
          />
        )}
        {list(own, 'This connection')}
        {list(shared, 'All connections')}
      </PaneBody>
      {edited !== undefined && (
        <SaveDialog
          key={edited.message.id}
          title={edited.title}
          initial={edited.message}
          initialOwner={edited.owner.ownerId}
          session={session}
          folders={[...new Set(all.map(({ folder }) => folder).filter((folder) => folder !== ''))]}
          taken={
            new Map(
              all.flatMap(({ id, shortcut, name }) =>
                shortcut === undefined || id === edited.message.id ? [] : [[shortcut, visibleText(name)]],
              ),
            )
          }
          onSave={(message, ownerId) => void save(edited, message, ownerId)}
          onClose={close}
        />
      )}
      {isImporting && (
        <ImportDialog
          profileId={profileId}
          onClose={() => setImporting(false)}
          onImport={(messages, ownerId) => {
            const library = ownerId === SHARED ? shared : own;
            void library.keep(messages.map((message) => newSaved(message))).then((isKept) => {
              if (isKept) {
                setImporting(false);
                notify({ level: 'info', message: `Imported ${formatQuantity(messages.length, 'message')}` });
              }
            });
          }}
        />
      )}
    </Pane>
  );
}

function newSaved(some: Partial<SavedMessage>): SavedMessage {
  return { name: '', folder: '', message: emptyTemplate, ...some, id: crypto.randomUUID() };
}

/** A key sends one message: whoever has it loses it. */
async function freeKey({ id, shortcut }: SavedMessage, libraries: readonly Library[]): Promise<void> {
  for (const library of libraries) {
    const holders = library.messages.filter((other) => other.id !== id && other.shortcut === shortcut);
    if (shortcut !== undefined && holders.length > 0) {
      await library.keep(holders.map(({ shortcut: _, ...rest }) => rest));
    }
  }
}

function exportMessages(messages: readonly SavedMessage[]): void {
  saveFile('messages.json', libraryFile(messages), 'application/json');
}
