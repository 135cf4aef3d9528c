import { Menu } from '@mantine/core';
import { Ellipsis, Send } from 'lucide-react';
import type { DragEvent } from 'react';
import type { SavedMessage } from '#app/library/saved-message.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Guard } from '#app/profile/profile.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import classes from './library.module.css';
import type { Sending } from './use-sending.ts';

/** What can be done with a saved message. */
export interface MessageActions {
  send(message: SavedMessage, confirmation?: Promise<string>): void;
  open(message: SavedMessage): void;
  edit(message: SavedMessage): void;
  duplicate(message: SavedMessage): void;
  repeat(message: SavedMessage): void;
  /** To the other place: from this connection to all, or back. */
  transfer(message: SavedMessage): void;
  remove(message: SavedMessage): void;
  /** By one place, or into the folder next to its own. */
  step(message: SavedMessage, by: -1 | 1): void;
}

export interface RowDrag {
  readonly draggable: boolean;
  readonly 'data-drop': true | undefined;
  onDragStart(event: DragEvent): void;
  onDragOver(event: DragEvent): void;
  onDrop(event: DragEvent): void;
  onDragEnd(): void;
}

interface MessageRowProps {
  readonly sessionId: string;
  readonly saved: SavedMessage;
  readonly isShared: boolean;
  readonly guard: Guard;
  /** Not where a message of this connection has it. */
  readonly hasKey: boolean;
  readonly outcome: Sending | undefined;
  readonly actions: MessageActions;
  readonly drag: RowDrag;
}

/** A saved message: one click sends it, its name opens it in the composer. Alt and an arrow key move it. */
export function MessageRow(props: MessageRowProps) {
  const { sessionId, saved, isShared, guard, hasKey, outcome, actions, drag } = props;
  const confirmation = useConfirmation(sessionId);
  const { message } = saved;
  const name = visibleText(saved.name);
  const topic = visibleText(message.topic);
  return (
    <>
      <tr
        className={classes.row}
        aria-label={name}
        data-message={saved.id}
        {...drag}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
          if (by !== undefined && event.altKey) {
            event.preventDefault();
            event.stopPropagation();
            actions.step(saved, by);
          }
        }}
      >
        <td className={classes.sendCell}>
          {guard === 'confirm' ? (
            <HoldButton
              size="compact-xs"
              holdFor={HOLD_TIME}
              aria-label={`Hold to send ${name}`}
              title={`Hold to publish to ${topic}`}
              onBegin={() => confirmation.begin('hold')}
              onHeld={() => actions.send(saved, confirmation.take())}
            >
              Hold
            </HoldButton>
          ) : (
            <IconButton
              compact
              icon={Send}
              label={`Send ${name}`}
              disabled={guard === 'readOnly'}
              onClick={() => actions.send(saved)}
            />
          )}
        </td>
        <th scope="row">
          <button
            type="button"
            className={classes.name}
            title={`Open ${name} in Publish`}
            onClick={() => actions.open(saved)}
          >
            {name}
          </button>
        </th>
        <td className={classes.mono} title={topic}>
          <CutText text={topic} />
        </td>
        <td className={classes.facts}>
          {formatNames[message.format]}, QoS {message.qos}
          {message.retain ? ', retained' : ''}
        </td>
        <td className={classes.outcome} role="status">
          {outcome?.kind === 'sending' ? 'Sending…' : outcome?.kind === 'sent' ? outcome.words : ''}
        </td>
        <td className={classes.keys}>
          {hasKey && saved.shortcut !== undefined && <ShortcutHint shortcut={saved.shortcut} />}
        </td>
        <td className={classes.menuCell}>
          <Menu position="bottom-end" returnFocus>
            <Menu.Target>
              <IconButton compact icon={Ellipsis} label={`More about ${name}`} />
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => actions.open(saved)}>Open in Publish</Menu.Item>
              <Menu.Item onClick={() => actions.edit(saved)}>Edit…</Menu.Item>
              <Menu.Item onClick={() => actions.duplicate(saved)}>Duplicate</Menu.Item>
              <Menu.Item onClick={() => actions.repeat(saved)}>Repeat…</Menu.Item>
              <Menu.Item onClick={() => actions.transfer(saved)}>
                {isShared ? 'Move to this connection' : 'Share with all connections'}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => actions.remove(saved)}>Remove</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </td>
      </tr>
      {outcome?.kind === 'failed' && (
        <tr className={classes.failure}>
          <td colSpan={7}>
            <FailureNote failure={outcome.failure} />
          </td>
        </tr>
      )}
    </>
  );
}
