import { Folder } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { foldersOf, matchesSearch, moved } from '#app/library/arrange.ts';
import type { keyHolders } from '#app/library/keys.ts';
import type { SavedMessage } from '#app/library/saved-message.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Guard } from '#app/profile/profile.ts';
import classes from './library.module.css';
import { type MessageActions, MessageRow, type RowDrag } from './message-row.tsx';
import type { Library } from './use-library.ts';
import type { Sender } from './use-sending.ts';

interface MessageListProps {
  readonly title: string;
  readonly sessionId: string;
  readonly library: Library;
  readonly isShared: boolean;
  readonly search: string;
  readonly guard: Guard;
  readonly sender: Sender;
  /** Who has which key on this connection. */
  readonly keys: ReturnType<typeof keyHolders>;
  readonly actions: MessageActions;
}

/** The saved messages of one place, in their folders. Rows are dragged between each other and onto folders. */
export function MessageList(props: MessageListProps) {
  const { title, sessionId, library, isShared, search, guard, sender, keys, actions } = props;
  const [dragged, setDragged] = useState<string | undefined>(undefined);
  const [over, setOver] = useState<string | undefined>(undefined);
  const end = () => {
    setDragged(undefined);
    setOver(undefined);
  };
  /** `key` marks where it is held; what it is put in front of, or the end of the folder. */
  const target = (key: string, folder: string, before?: SavedMessage) => ({
    'data-drop': over === key && dragged !== before?.id ? (true as const) : undefined,
    onDragOver(event: DragEvent) {
      if (dragged !== undefined) {
        event.preventDefault();
        setOver(key);
      }
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      if (dragged !== undefined) {
        library.arrange(moved(library.messages, dragged, folder, before?.id));
      }
      end();
    },
  });
  const drag = (message: SavedMessage): RowDrag => ({
    ...target(message.id, message.folder, message),
    draggable: true,
    onDragStart(event) {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', message.name);
      setDragged(message.id);
    },
    onDragEnd: end,
  });
  const found = library.messages.filter((message) => matchesSearch(message, search));
  if (library.messages.length === 0) {
    return undefined;
  }
  return (
    <table className={classes.table} aria-label={title} data-guard={guard}>
      <caption>{title}</caption>
      {/* A folder's name spans all columns, so no row can say how wide they are. */}
      <colgroup>
        <col className={classes.sendColumn} />
        <col span={2} />
        <col className={classes.factsColumn} />
        <col className={classes.outcomeColumn} />
        <col className={classes.keysColumn} />
        <col className={classes.menuColumn} />
      </colgroup>
      {foldersOf(found).map(({ name, messages }) => (
        <tbody key={name}>
          {name !== '' && (
            <tr className={classes.folder} {...target(`folder ${name}`, name)}>
              <th colSpan={7} scope="rowgroup">
                <span className={classes.folderName} title={visibleText(name)}>
                  <Folder size={13} strokeWidth={1.75} aria-hidden /> {visibleText(name)}
                </span>
              </th>
            </tr>
          )}
          {messages.map((saved) => (
            <MessageRow
              key={saved.id}
              sessionId={sessionId}
              saved={saved}
              isShared={isShared}
              guard={guard}
              hasKey={saved.shortcut !== undefined && keys.get(saved.shortcut)?.id === saved.id}
              outcome={sender.outcomes[saved.id]}
              actions={actions}
              drag={drag(saved)}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}
