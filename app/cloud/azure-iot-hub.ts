import { hmacSha256 } from './digests.ts';
import { base64, percentEncode } from './encoding.ts';

/** Whom Azure IoT Hub is to see: a device, or a module on it. */
export interface AzureIdentity {
  /** `contoso.azure-devices.net` */
  readonly hub: string;
  readonly deviceId: string;
  /** Empty: the device itself. */
  readonly moduleId: string;
}

/** The version of the hub's interface; without one it may behave in unexpected ways, says its documentation. */
const API_VERSION = '2021-04-12';

/** The only user name that Azure IoT Hub takes (Communicate with an IoT hub using the MQTT protocol). */
export function azureUsername({ hub, deviceId, moduleId }: AzureIdentity): string {
  return `${[hub, deviceId, ...(moduleId === '' ? [] : [moduleId])].join('/')}/?api-version=${API_VERSION}`;
}

/** The only client ID that Azure IoT Hub takes. */
export function azureClientId({ deviceId, moduleId }: Omit<AzureIdentity, 'hub'>): string {
  return moduleId === '' ? deviceId : `${deviceId}/${moduleId}`;
}

/** The resource that a token opens: the device's or the module's own end of the hub. */
export function azureResource({ hub, deviceId, moduleId }: AzureIdentity): string {
  return `${hub}/devices/${deviceId}${moduleId === '' ? '' : `/modules/${moduleId}`}`;
}

/**
 * A shared access signature (Control access to IoT Hub with shared access signatures): HMAC-SHA256 with the decoded
 * device key over the encoded resource and the expiry, which is in seconds since the epoch.
 */
export async function sasToken(resource: string, key: Uint8Array, expiry: number): Promise<string> {
  const encoded = percentEncode(resource);
  const signature = base64(await hmacSha256(key, `${encoded}\n${expiry}`));
  return `SharedAccessSignature sr=${encoded}&sig=${percentEncode(signature)}&se=${expiry}`;
}

/** What a device's connection string holds. */
export interface AzureConnectionString extends AzureIdentity {
  /** Base64. Absent with X.509. */
  readonly key?: string;
}

/** Reads `HostName=...;DeviceId=...;SharedAccessKey=...` as the portal shows it; undefined for anything else. */
export function parseAzureConnectionString(text: string): AzureConnectionString | undefined {
  const parts = new Map(
    text
      .trim()
      .split(';')
      .map((part): [string, string] => {
        const at = part.indexOf('=');
        return [part.slice(0, Math.max(at, 0)).trim().toLowerCase(), part.slice(at + 1).trim()];
      }),
  );
  const hub = parts.get('hostname');
  const deviceId = parts.get('deviceid');
  if (hub === undefined || deviceId === undefined) {
    return undefined;
  }
  const key = parts.get('sharedaccesskey');
  return { hub, deviceId, moduleId: parts.get('moduleid') ?? '', ...(key === undefined ? {} : { key }) };
}
