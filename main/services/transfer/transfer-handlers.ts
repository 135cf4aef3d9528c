import type { transferOperations } from '#app/contract/operations/transfer.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import type { Transfer } from './transfer.ts';

/** What the operations of `operations/transfer.ts` do. */
export function transferHandlers(transfer: Transfer): OperationHandlers<typeof transferOperations> {
  return {
    'transfer.export': ({ profileIds, passphrase }) => transfer.export(profileIds, passphrase),
    'transfer.preview': (source) => transfer.preview(source),
    'transfer.import': ({ choices, ...source }) => transfer.import(source, choices),
    'transfer.undo': ({ importId }) => transfer.undo(importId),
  };
}
