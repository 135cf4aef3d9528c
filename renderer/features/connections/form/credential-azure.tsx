import { azureClientId, azureUsername, parseAzureConnectionString } from '#app/cloud/azure-iot-hub.ts';
import type { Credentials } from '#app/profile/profile.ts';
import { SecretField } from './credential-secret.tsx';
import { NumberField, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';

type AzureCredentials = Extract<Credentials, { readonly kind: 'azureSas' | 'azureX509' }>;

interface AzureFieldsProps extends TabProps {
  readonly credentials: AzureCredentials;
}

/** Device, module and key of Azure IoT Hub. The client ID follows, as the hub takes no other. */
export function AzureFields({ credentials, ...props }: AzureFieldsProps) {
  const { profile, change, changeNamedSecret, problem } = props;
  const setDevice = (patch: { readonly deviceId?: string; readonly moduleId?: string }) => {
    const next = { ...credentials, ...patch };
    change({ credentials: next, ...(next.deviceId === '' ? {} : { clientId: azureClientId(next) }) });
  };
  const takeKey = (text: string) => {
    const pasted = parseAzureConnectionString(text);
    if (pasted === undefined) {
      changeNamedSecret('azureDeviceKey', text.trim() === '' ? undefined : text.trim());
      return;
    }
    const { hub, deviceId, moduleId, key } = pasted;
    change({
      host: hub,
      clientId: azureClientId(pasted),
      credentials: { ...credentials, deviceId, moduleId },
    });
    changeNamedSecret('azureDeviceKey', key);
  };
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label="Device ID"
          value={credentials.deviceId}
          onChange={(deviceId) => setDevice({ deviceId: deviceId.trim() })}
          error={problem('credentials.deviceId')}
          mono
        />
        <TextField
          label="Module ID"
          value={credentials.moduleId}
          onChange={(moduleId) => setDevice({ moduleId: moduleId.trim() })}
          error={problem('credentials.moduleId')}
          description="Of a module on the device only."
          mono
        />
      </div>
      {credentials.kind === 'azureSas' && (
        <div className={styles.pair}>
          <SecretField
            {...props}
            name="azureDeviceKey"
            label="Device key"
            description="The key alone, or the whole connection string: it fills in host and device."
            onText={takeKey}
          />
          <NumberField
            label="Token lifetime"
            unit="s"
            value={credentials.lifetime}
            onChange={(lifetime) =>
              change({ credentials: { ...credentials, lifetime: lifetime ?? Number.NaN } })
            }
            error={problem('credentials.lifetime')}
            description="Then the hub ends the connection; the next one has a fresh token."
          />
        </div>
      )}
      {credentials.deviceId !== '' && profile.host !== '' && (
        <p className={styles.note}>
          Signs in as <code>{azureUsername({ ...credentials, hub: profile.host })}</code>
        </p>
      )}
    </>
  );
}
