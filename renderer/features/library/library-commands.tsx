import { toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { atHand, keyHolders } from '#app/library/keys.ts';
import { type SavedMessage, SHARED } from '#app/library/saved-message.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEnvironment } from '#renderer/state/engine-data.ts';
import { sendTemplate } from '#renderer/state/send-template.ts';
import { useConfirmation } from '#renderer/state/use-confirmation.ts';
import { useLibrary } from './use-library.ts';
import { sentWords } from './use-sending.ts';

/** Each saved message as a command of its connection, whichever tab is shown: in the palette, and by its key. */
export function LibraryCommands({ session }: { readonly session: SessionSummary }) {
  const own = useLibrary(session.profileId, session.profileId);
  const shared = useLibrary(SHARED, session.profileId);
  const all = atHand(own.messages, shared.messages);
  const keys = keyHolders(all);
  return all.map((saved) => (
    <SendCommand
      key={saved.id}
      session={session}
      saved={saved}
      shortcut={[...keys].find(([, holder]) => holder === saved)?.[0]}
    />
  ));
}

interface SendCommandProps {
  readonly session: SessionSummary;
  readonly saved: SavedMessage;
  /** Not where a message of this connection has it. */
  readonly shortcut: string | undefined;
}

function SendCommand({ session, saved, shortcut }: SendCommandProps) {
  const { guard } = session.profile;
  const name = visibleText(saved.name);
  const environment = useEnvironment(session.profile.environmentId);
  const confirmation = useConfirmation(session.sessionId);
  const send = async (token?: Promise<string>) => {
    try {
      const sent = await sendTemplate(session, environment, saved.message, token);
      const failure = sent.kind === 'many' ? sent.many.failure?.failure : undefined;
      if (failure !== undefined) {
        showFailure(failure);
      } else {
        notify({ level: 'info', message: `Sent “${name}”. ${sentWords(sent)}` });
      }
    } catch (error) {
      showFailure(toFailure(error));
    }
  };
  useCommand({
    id: `library.send.${saved.id}`,
    label: `Send “${name}”`,
    group: 'Library',
    keywords: [saved.message.topic],
    enabled: () => guard !== 'readOnly',
    ...(shortcut === undefined ? {} : { shortcut }),
    run: () => {
      if (guard === 'none') {
        void send();
      } else if (confirmation.isArmed) {
        void send(confirmation.take());
      } else {
        confirmation.begin('twice');
        notify({ level: 'info', message: `Once more to send “${name}” to a production broker.` });
      }
    },
  });
  return undefined;
}
