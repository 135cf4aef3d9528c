import { Menu } from '@mantine/core';
import {
  ChevronsDownUp,
  ChevronsUpDown,
  Copy,
  Eye,
  EyeOff,
  ListFilter,
  type LucideIcon,
  Radio,
  Send,
} from 'lucide-react';
import type { TreeRow } from '#app/contract/feeds/session.ts';
import { muteTopic, unmuteTopic } from '#renderer/commands/mute-topic.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic, subscribeTo } from '#renderer/commands/topic-actions.ts';
import { requestStreamFilter } from '#renderer/state/pane-requests.ts';
import { requestPublish } from '#renderer/state/workspace.ts';
import { type MenuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import { expandNode, pathOf } from './tree-actions.ts';

/** A row whose menu is open, and the rows around it at that moment. */
export interface OpenTopicMenu {
  readonly at: MenuPoint;
  readonly row: TreeRow;
  readonly rows: readonly TreeRow[];
}

interface TopicMenuProps {
  readonly sessionId: string;
  readonly open: OpenTopicMenu | undefined;
  readonly onClose: () => void;
}

/** The context menu of a row in the tree. */
export function TopicMenu({ sessionId, open, onClose }: TopicMenuProps) {
  if (open === undefined) {
    return undefined;
  }
  const { row, rows, at } = open;
  const withTopic = (action: (topic: string) => void | Promise<void>) => () =>
    attempt(async () => action(await pathOf(sessionId, rows, row)));
  const expand = (expanded: boolean, recursive: boolean) => () =>
    attempt(() => expandNode(sessionId, row.nodeId, expanded, recursive));
  const isBranch = row.children > 0;
  return (
    <PointMenu label="Topic" at={at} onClose={onClose}>
      <Menu.Item
        leftSection={icon(Copy)}
        rightSection={<ShortcutHint shortcut="mod+C" />}
        onClick={withTopic(copyTopic)}
      >
        Copy topic
      </Menu.Item>
      <Menu.Item
        leftSection={icon(Send)}
        onClick={withTopic((topic) => requestPublish(sessionId, { topic }))}
      >
        Use topic in Publish
      </Menu.Item>
      <Menu.Item
        leftSection={icon(ListFilter)}
        onClick={withTopic((topic) => requestStreamFilter(sessionId, isBranch ? `${topic}/#` : topic))}
      >
        {isBranch ? 'Show only messages from here down' : 'Show only messages of this topic'}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={icon(Radio)} onClick={withTopic((topic) => subscribeTo(sessionId, topic))}>
        Subscribe to this topic
      </Menu.Item>
      <Menu.Item
        leftSection={icon(Radio)}
        onClick={withTopic((topic) => subscribeTo(sessionId, `${topic}/#`))}
      >
        Subscribe from here down
      </Menu.Item>
      {row.topicId !== undefined && <Menu.Divider />}
      {row.topicId !== undefined && (
        <Menu.Item
          leftSection={icon(row.muted === true ? Eye : EyeOff)}
          onClick={withTopic((topic) =>
            row.muted === true ? unmuteTopic(sessionId, topic) : muteTopic(sessionId, topic),
          )}
        >
          {row.muted === true ? 'Unmute in the stream' : 'Mute in the stream'}
        </Menu.Item>
      )}
      {isBranch && (
        <>
          <Menu.Divider />
          <Menu.Item
            leftSection={icon(ChevronsUpDown)}
            rightSection={<ShortcutHint shortcut="shift+ArrowRight" />}
            onClick={expand(true, true)}
          >
            Expand all below
          </Menu.Item>
          <Menu.Item
            leftSection={icon(ChevronsDownUp)}
            rightSection={<ShortcutHint shortcut="shift+ArrowLeft" />}
            onClick={expand(false, true)}
          >
            Collapse all below
          </Menu.Item>
        </>
      )}
    </PointMenu>
  );
}

function icon(Icon: LucideIcon) {
  return <Icon size={14} strokeWidth={1.75} aria-hidden />;
}
