import type { Birth, PayloadFormat, Profile, Will } from './profile.ts';

/** Ways in which clients say whether they are there: one retained topic, written by the client and by its last will. */
export const presencePatterns: readonly {
  readonly id: string;
  readonly label: string;
  readonly format: PayloadFormat;
  readonly online: string;
  readonly offline: string;
}[] = [
  { id: 'words', label: 'online / offline', format: 'text', online: 'online', offline: 'offline' },
  {
    id: 'capitals',
    label: 'Online / Offline (Tasmota)',
    format: 'text',
    online: 'Online',
    offline: 'Offline',
  },
  { id: 'digits', label: '1 / 0', format: 'text', online: '1', offline: '0' },
  { id: 'truth', label: 'true / false', format: 'text', online: 'true', offline: 'false' },
  {
    id: 'json',
    label: '{"online": true} / {"online": false}',
    format: 'json',
    online: '{"online": true}',
    offline: '{"online": false}',
  },
];

/** The last will and the birth message of a pattern; a topic that is there stays, else it is made of the client ID. */
export function presence(
  { will, birth, clientId }: Pick<Profile, 'will' | 'birth' | 'clientId'>,
  patternId: string,
): { readonly will: Will; readonly birth: Birth } | undefined {
  const pattern = presencePatterns.find(({ id }) => id === patternId);
  if (pattern === undefined) {
    return undefined;
  }
  const { format, online, offline } = pattern;
  const named = clientId.replaceAll(/[/+#\u0000]/g, '-');
  const topic = will.topic || birth.topic || `clients/${named === '' ? 'topicscope' : named}/status`;
  // Kept by the broker, and at QoS 1: who subscribes later learns of it too, and it does not get lost.
  const message = { enabled: true, topic, format, qos: 1, retain: true } as const;
  return {
    will: { ...will, ...message, payload: offline, onDisconnect: true },
    birth: { ...message, payload: online },
  };
}
