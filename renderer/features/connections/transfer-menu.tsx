import { Menu } from '@mantine/core';
import { ArrowLeftRight } from 'lucide-react';
import { openExport, openImport } from '#renderer/state/transfer.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';

/** The button in the header of the list: connections in from files and command lines, or out into a file. */
export function TransferMenu() {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton icon={ArrowLeftRight} label="Import and export" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={openImport}>Import connections…</Menu.Item>
        <Menu.Item onClick={() => openExport()}>Export connections…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
