import { Menu } from '@mantine/core';
import { Copy, GitCompareArrows, History, ListFilter, ListTree, Send } from 'lucide-react';
import type { MessageRow } from '#app/contract/feeds/session.ts';
import { CopyMessageItems } from '#renderer/commands/copy-message.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { setCompareBase, showInspectorTab } from '#renderer/state/inspector-requests.ts';
import { requestReveal } from '#renderer/state/pane-requests.ts';
import { showMoment } from '#renderer/state/timeline.ts';
import { requestPublish } from '#renderer/state/workspace.ts';
import { type MenuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import { wholeTopic } from './message-actions.ts';

/** A message whose menu is open, and where. */
export interface OpenMessageMenu {
  readonly at: MenuPoint;
  readonly row: MessageRow;
}

interface MessageMenuProps {
  readonly sessionId: string;
  readonly open: OpenMessageMenu | undefined;
  readonly onClose: () => void;
  readonly onShowOnly: (topic: string) => void;
}

/** The context menu of a message. */
export function MessageMenu({ sessionId, open, onClose, onShowOnly }: MessageMenuProps) {
  if (open === undefined) {
    return undefined;
  }
  const withTopic = (action: (topic: string) => void | Promise<void>) => () =>
    attempt(async () => action(await wholeTopic(sessionId, open.row)));
  return (
    <PointMenu label="Message" at={open.at} onClose={onClose}>
      <Menu.Item
        leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
        rightSection={<ShortcutHint shortcut="mod+C" />}
        onClick={withTopic(copyTopic)}
      >
        Copy topic
      </Menu.Item>
      <CopyMessageItems sessionId={sessionId} sequence={open.row.sequence} />
      <Menu.Item
        leftSection={<GitCompareArrows size={14} strokeWidth={1.75} aria-hidden />}
        onClick={withTopic((topic) => {
          const { sequence, receivedAt } = open.row;
          setCompareBase(sessionId, { sequence, topic, receivedAt });
          showInspectorTab(sessionId, 'Diff');
        })}
      >
        Compare with…
      </Menu.Item>
      <Menu.Item
        leftSection={<Send size={14} strokeWidth={1.75} aria-hidden />}
        onClick={withTopic((topic) => requestPublish(sessionId, { topic }))}
      >
        Use topic in Publish
      </Menu.Item>
      <Menu.Item
        leftSection={<ListFilter size={14} strokeWidth={1.75} aria-hidden />}
        onClick={withTopic(onShowOnly)}
      >
        Show only this topic
      </Menu.Item>
      <Menu.Item
        leftSection={<ListTree size={14} strokeWidth={1.75} aria-hidden />}
        onClick={withTopic((topic) => requestReveal(sessionId, topic))}
      >
        Show in topic tree
      </Menu.Item>
      <Menu.Item
        leftSection={<History size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => showMoment(sessionId, { at: open.row.receivedAt, sequence: open.row.sequence })}
      >
        Show the tree as of this message
      </Menu.Item>
    </PointMenu>
  );
}
