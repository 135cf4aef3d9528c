import { authenticationMethods } from '#app/profile/profile.ts';
import type { ProfileDraft } from './profile-draft.ts';
import { flag, number } from './values.ts';

const UINT32 = 0xffff_ffff;

/** Applies `-D command identifier value` (or `... name value` of a user property). What has no place is named. */
export function applyProperty(draft: ProfileDraft, words: readonly string[]): void {
  const [command = '', identifier = '', value, second] = words;
  const written = ['-D', ...words].join(' ');
  if (value === undefined || (identifier === 'user-property' && second === undefined)) {
    draft.skip(written, 'Its value is missing.');
    return;
  }
  const scope = command.toLowerCase();
  const isApplied =
    scope === 'connect'
      ? applyToConnect(draft, identifier, value, second)
      : scope === 'will'
        ? applyToWill(draft, identifier, value, second)
        : scope === 'subscribe';
  if (!isApplied) {
    const why =
      scope === 'publish'
        ? 'An import never publishes: enter it under “Publish”.'
        : 'The property has no place in a connection.';
    draft.skip(written, why);
  }
}

function applyToConnect(
  draft: ProfileDraft,
  identifier: string,
  value: string,
  second: string | undefined,
): boolean {
  const take = `${identifier} of CONNECT`;
  switch (identifier) {
    case 'session-expiry-interval':
      draft.whole(take, number(value), 0, UINT32, (found) =>
        draft.set({ sessionExpiryInterval: found }, take),
      );
      return number(value) !== undefined;
    case 'receive-maximum':
      draft.whole(take, number(value), 1, 65_535, (found) => draft.setMqtt5({ receiveMaximum: found }, take));
      return number(value) !== undefined;
    case 'maximum-packet-size':
      draft.whole(take, number(value), 1, UINT32, (found) =>
        draft.setMqtt5({ maximumPacketSize: found }, take),
      );
      return number(value) !== undefined;
    case 'request-problem-information':
      draft.setMqtt5({ requestProblemInformation: flag(value) ?? true }, take);
      return true;
    case 'request-response-information':
      draft.setMqtt5({ requestResponseInformation: flag(value) ?? false }, take);
      return true;
    case 'user-property':
      draft.setMqtt5(
        {
          userProperties: [...draft.profile.mqtt5.userProperties, { key: value, value: second ?? '' }].slice(
            0,
            1000,
          ),
        },
        'User properties',
      );
      return true;
    case 'authentication-method': {
      const method = authenticationMethods.find((name) => name === value);
      if (method !== undefined) {
        draft.setMqtt5({ authenticationMethod: method }, take);
      }
      return method !== undefined;
    }
    default:
      return false;
  }
}

function applyToWill(
  draft: ProfileDraft,
  identifier: string,
  value: string,
  second: string | undefined,
): boolean {
  const take = `${identifier} of the will`;
  switch (identifier) {
    case 'will-delay-interval':
      draft.whole(take, number(value), 0, UINT32, (found) => draft.setWill({ delayInterval: found }));
      break;
    case 'message-expiry-interval':
      draft.whole(take, number(value), 0, UINT32, (found) => draft.setWill({ messageExpiryInterval: found }));
      break;
    case 'payload-format-indicator':
      draft.setWill({ payloadIsUtf8: flag(value) ?? false });
      break;
    case 'content-type':
      draft.setWill({ contentType: value });
      break;
    case 'response-topic':
      draft.setWill({ responseTopic: value });
      break;
    case 'correlation-data':
      draft.setWill({ correlationDataHex: Buffer.from(value).toString('hex') });
      break;
    case 'user-property':
      draft.setWill({
        userProperties: [
          ...(draft.profile.will.userProperties ?? []),
          { key: value, value: second ?? '' },
        ].slice(0, 1000),
      });
      break;
    default:
      return false;
  }
  draft.take('Properties of the will');
  return true;
}
