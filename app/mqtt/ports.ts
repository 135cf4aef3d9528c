import type { Protocol } from '../profile/profile.ts';

/** One of the customary ports of a broker, as the connection form offers it. */
export interface PortPreset {
  readonly port: number;
  readonly protocol: Protocol;
  /** A few plain words for the pick. */
  readonly label: string;
  /** The broker asks for a certificate of the client. */
  readonly needsClientCertificate: boolean;
}

/** The five standard ports of Mosquitto; 1883 and 8883 are IANA's for MQTT. */
export const portPresets: readonly PortPreset[] = [
  { port: 1883, protocol: 'mqtt', label: 'MQTT, unencrypted', needsClientCertificate: false },
  { port: 8883, protocol: 'mqtts', label: 'MQTT, encrypted', needsClientCertificate: false },
  {
    port: 8884,
    protocol: 'mqtts',
    label: 'MQTT, encrypted, client certificate required',
    needsClientCertificate: true,
  },
  { port: 8080, protocol: 'ws', label: 'MQTT over WebSockets, unencrypted', needsClientCertificate: false },
  { port: 8081, protocol: 'wss', label: 'MQTT over WebSockets, encrypted', needsClientCertificate: false },
];

/** The preset that a port number stands for; undefined for any other port. */
export function presetOfPort(port: number): PortPreset | undefined {
  return portPresets.find((preset) => preset.port === port);
}
