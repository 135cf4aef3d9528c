import { formatDuration } from '#app/base/format.ts';
import type { Failure } from '#app/contract/failure.ts';
import type { MqttVersion } from '#app/profile/profile.ts';

/** What became of the will's own message when the watcher published it, to learn why the will did not come. */
export interface PublishCheck {
  /** Why the broker did not take it. */
  readonly refused?: Failure;
  /** Did it come back to the watcher? */
  readonly isSeen: boolean;
}

export interface MissingWill {
  readonly topic: string;
  readonly username: string;
  readonly version: MqttVersion;
  /** Milliseconds that it was waited for. */
  readonly waited: number;
  /** Seconds; 0: none. */
  readonly keepAlive: number;
  /** Absent: it could not be tried. */
  readonly check: PublishCheck | undefined;
}

/** Why a will did not come after its connection was cut, in sentences. */
export function explainMissing(missing: MissingWill): readonly string[] {
  const { topic, version, waited, keepAlive, check } = missing;
  const who = missing.username === '' ? 'Clients without a user name' : `The user “${missing.username}”`;
  const first = `Nothing came within ${formatDuration(waited)}.`;
  if (check === undefined) {
    return [first, 'The watcher’s connection was lost as well, so nothing is known of the reason.'];
  }
  if (check.refused?.code === 'publish.refused') {
    const code = check.refused.detail ?? check.refused.message;
    return [
      first,
      `${who} may not publish to ${topic}: the broker refused the same message from the watcher (${code}), and throws the will away for the same reason.`,
      'Allow it in the access control list of the broker, or choose another will topic.',
    ];
  }
  if (check.refused !== undefined) {
    return [first, `The same message could not be sent by the watcher either: ${check.refused.message}`];
  }
  if (check.isSeen) {
    return [
      first,
      'The same message from the watcher did arrive, so topic and permissions are right: the broker did not send the will.',
      keepAlive === 0
        ? 'Keep alive is off: where a proxy or a load balancer keeps the connection open, the broker never notices that the client is gone.'
        : `Where a proxy or a load balancer keeps the connection open, the broker notices only after one and a half keep alives: ${formatDuration(keepAlive * 1500)}. A shorter keep alive helps.`,
    ];
  }
  if (version !== '5.0') {
    return [
      first,
      `The broker acknowledged the same message from the watcher, and did not deliver it either: ${lower(who)} may not publish to ${topic}, or may not read it. MQTT ${version} brokers do not say which.`,
      'Connect with MQTT 5.0 to be told, or look at the access control list and the log of the broker.',
    ];
  }
  return [
    first,
    `The broker took the same message from the watcher, but did not deliver it: ${lower(who)} may publish to ${topic}, but not read it. Whether the will was sent cannot be seen with these credentials.`,
    'Allow reading the topic in the access control list of the broker, or watch with another user.',
  ];
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
