import { create } from 'zustand';

/** Whether the dialog “Environments” is open, and which one it begins with. */
export const useEnvironmentsDialog = create<{
  readonly isOpen: boolean;
  readonly environmentId: string | undefined;
}>(() => ({ isOpen: false, environmentId: undefined }));

export function openEnvironments(environmentId?: string): void {
  useEnvironmentsDialog.setState({ isOpen: true, environmentId });
}

export function closeEnvironments(): void {
  useEnvironmentsDialog.setState({ isOpen: false });
}
