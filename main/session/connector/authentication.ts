import type { MqttClient, PacketCallback } from 'mqtt';
import type { ConnectionSettings } from '../settings.ts';
import { ScramExchange } from './scram.ts';

/** AUTH says: go on (MQTT 5.0 section 3.15.2.1). */
const CONTINUE = 0x18;

/** The exchange for an attempt, where the settings ask for enhanced authentication. Throws a ConnectError. */
export function scramFor(settings: ConnectionSettings): ScramExchange | undefined {
  const { mqttVersion, mqtt5, username, password = '' } = settings;
  const { authenticationMethod: method } = mqtt5;
  return mqttVersion !== '5.0' || method === undefined
    ? undefined
    : new ScramExchange({ method, username, password });
}

/**
 * Has a client answer the broker's AUTH, whose method mqtt.js has checked to be ours. `onFailure` gets the ConnectError
 * of an exchange that went wrong.
 */
export function authenticate(
  client: MqttClient,
  scram: ScramExchange | undefined,
  onFailure: (error: unknown) => void,
): void {
  client.handleAuth = ({ reasonCode, properties }, callback: PacketCallback) => {
    if (reasonCode !== CONTINUE || scram === undefined) {
      // Success by AUTH ends a re-authentication, which only a client begins (MQTT 5.0 section 4.12.1): we never do.
      callback(new Error(`AUTH with reason code ${reasonCode} was not asked for`));
      return;
    }
    scram.answer(properties?.authenticationData ?? new Uint8Array()).then((answer) => {
      callback(undefined, {
        cmd: 'auth',
        reasonCode: CONTINUE,
        properties: { authenticationMethod: scram.method, authenticationData: answer },
      });
    }, onFailure);
  };
}
