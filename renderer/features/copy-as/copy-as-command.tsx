import { useCommand } from '#renderer/commands/use-command.ts';
import { requestCopyAs } from '#renderer/state/copy-as.ts';

/** Offers a connection as a program in the palette. */
export function CopyAsCommand({ sessionId }: { readonly sessionId: string }) {
  useCommand({
    id: 'connection.copyAs',
    label: 'Copy connection as program…',
    group: 'Connection',
    keywords: ['code', 'mosquitto_sub', 'python', 'paho', 'arduino', 'micropython', 'javascript'],
    run: () => requestCopyAs({ of: { sessionId } }),
  });
  return undefined;
}
