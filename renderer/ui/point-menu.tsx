import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';

/** Pixels from the window's corner. */
export interface MenuPoint {
  readonly x: number;
  readonly y: number;
}

interface PointMenuProps {
  /** Accessible name. */
  readonly label: string;
  /** Where it is open; `undefined` while it is closed. */
  readonly at: MenuPoint | undefined;
  /** Closed by any means; the caller puts the focus back. */
  readonly onClose: () => void;
  /** `Menu.Item`s. */
  readonly children: ReactNode;
}

const outside = ['mousedown', 'touchstart'];

/** A context menu at a point. One serves a whole list: rows stay free of handlers and components. */
export function PointMenu({ label, at, onClose, children }: PointMenuProps) {
  if (at === undefined) {
    return undefined;
  }
  return (
    // Not on keydown: the very key press that opened the menu would close it again.
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      returnFocus={false}
      width="max-content"
      clickOutsideEvents={outside}
    >
      <Menu.Target>
        <span aria-hidden style={{ position: 'fixed', left: at.x, top: at.y, width: 0, height: 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** Where a context menu opens: at the pointer, or under the row when a key asked for it. */
export function menuPoint(
  event: { clientX: number; clientY: number },
  row: Element | undefined,
  byKey: boolean,
): MenuPoint {
  if (!byKey || row === undefined) {
    return { x: event.clientX, y: event.clientY };
  }
  const { left, bottom } = row.getBoundingClientRect();
  return { x: left + 32, y: bottom };
}
