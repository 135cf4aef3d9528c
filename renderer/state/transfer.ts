import { create } from 'zustand';

/** Which dialog on bringing connections in or out is open. */
type TransferDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'import' }
  /** Without `profileIds` all connections are chosen at first. */
  | { readonly kind: 'export'; readonly profileIds?: readonly string[] };

export const useTransferDialog = create<{ readonly dialog: TransferDialog }>(() => ({
  dialog: { kind: 'none' },
}));

export function openImport(): void {
  useTransferDialog.setState({ dialog: { kind: 'import' } });
}

/** Opens the export with these connections chosen, or with all. */
export function openExport(profileIds?: readonly string[]): void {
  useTransferDialog.setState({
    dialog: { kind: 'export', ...(profileIds === undefined ? {} : { profileIds }) },
  });
}

export function closeTransfer(): void {
  useTransferDialog.setState({ dialog: { kind: 'none' } });
}
