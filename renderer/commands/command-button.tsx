import type { LucideIcon } from 'lucide-react';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { findCommand, useCommandRevision } from './registry.ts';
import { runCommand } from './run.ts';

interface CommandButtonProps {
  readonly command: string;
  readonly icon: LucideIcon;
  /** Where the button's name differs from the command's label. */
  readonly label?: string;
  readonly pressed?: boolean;
}

/** The icon button of a command: name, tooltip and shortcut come from the registry. Absent with its command. */
export function CommandButton({ command: id, icon, label, pressed }: CommandButtonProps) {
  useCommandRevision();
  const command = findCommand(id);
  if (command === undefined) {
    return undefined;
  }
  return (
    <IconButton
      icon={icon}
      label={label ?? command.label}
      shortcut={command.shortcut}
      pressed={pressed}
      onClick={() => runCommand(command)}
    />
  );
}
