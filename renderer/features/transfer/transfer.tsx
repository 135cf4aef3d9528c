import { useCommand } from '#renderer/commands/use-command.ts';
import { useProfiles } from '#renderer/state/engine-data.ts';
import { closeTransfer, openExport, openImport, useTransferDialog } from '#renderer/state/transfer.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';

/** The commands to bring connections in and out, and the dialog that is open. */
export function Transfer() {
  const { dialog } = useTransferDialog();
  const hasProfiles = useProfiles().length > 0;
  useCommand({
    id: 'connection.import',
    label: 'Import connections',
    group: 'Connection',
    keywords: ['MQTT Explorer', 'MQTTX', 'MQTT.fx', 'mqtt-spy', 'mosquitto_sub', 'mosquitto_pub', 'file'],
    run: openImport,
  });
  useCommand({
    id: 'connection.export',
    label: 'Export connections',
    group: 'Connection',
    keywords: ['save', 'backup', 'share', 'file', 'passphrase'],
    enabled: () => hasProfiles,
    run: () => openExport(),
  });
  if (dialog.kind === 'import') {
    return <ImportDialog onClose={closeTransfer} />;
  }
  return dialog.kind === 'export' ? (
    <ExportDialog chosenAtFirst={dialog.profileIds} onClose={closeTransfer} />
  ) : undefined;
}
