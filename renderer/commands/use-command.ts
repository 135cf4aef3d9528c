import { useEffect, useRef } from 'react';
import { type Command, registerCommand } from './registry.ts';

/**
 * Offers a command for as long as the component is shown. `enabled` and `run` are always those of the last render,
 * so closures over state are fresh.
 */
export function useCommand(command: Command): void {
  const latest = useRef(command);
  latest.current = command;
  const { id, label, group, shortcut, repeats = false } = command;
  const keywords = command.keywords?.join(' ');
  useEffect(() => {
    const registration = registerCommand({
      id,
      label,
      group,
      ...(shortcut === undefined ? {} : { shortcut }),
      repeats,
      ...(keywords === undefined ? {} : { keywords: keywords.split(' ') }),
      enabled: () => latest.current.enabled?.() ?? true,
      run: () => latest.current.run(),
    });
    return () => registration.dispose();
  }, [id, label, group, shortcut, repeats, keywords]);
}
