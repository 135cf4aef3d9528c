import { Button, TextInput } from '@mantine/core';
import { Send } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatDuration, formatQuantity } from '#app/base/format.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { RequestOutcome } from '#app/contract/operations/requests.ts';
import { emptyTemplate, type MessageTemplate } from '#app/publish/message-template.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { MessageFields } from '#renderer/editor/message-fields.tsx';
import { useEnvironment } from '#renderer/state/engine-data.ts';
import { advanceSeries } from '#renderer/state/generator-series.ts';
import { composeFor } from '#renderer/state/send-template.ts';
import { useTemplateContext } from '#renderer/state/template-context.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import paneForm from '#renderer/ui/pane-form.module.css';
import { RangeInput } from '#renderer/ui/range-input.tsx';
import { showWrongField } from '#renderer/ui/wrong-field.ts';
import classes from './requests.module.css';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'done'; readonly outcome: RequestOutcome }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Sends a request and waits for its answer on a topic that is subscribed to for as long. */
export function NewRequest({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profile } = session;
  const { guard } = profile;
  const environment = useEnvironment(profile.environmentId);
  const confirmation = useConfirmation(sessionId);
  const [message, setMessage] = useState<MessageTemplate>({ ...emptyTemplate, qos: 1 });
  const { ruled, generators } = useTemplateContext(session, message);
  const [responseTopic, setResponseTopic] = useState(() => ownTopic(session));
  const [seconds, setSeconds] = useState(10);
  const [state, setState] = useState<State>({ kind: 'idle' });

  const form = useRef<HTMLFormElement>(null);

  const send = async (token?: Promise<string>) => {
    if (showWrongField(form.current)) {
      return;
    }
    setState({ kind: 'waiting' });
    try {
      const { version, messages } = composeFor(session, environment, message);
      const [made, ...others] = messages;
      if (made === undefined || others.length > 0) {
        throw fail(
          'request.topics',
          `The topic stands for ${formatQuantity(messages.length, 'topic')}, so nothing was sent.`,
          'A request waits for one answer: give one topic.',
        );
      }
      advanceSeries(sessionId, 1);
      const correlationData = made.properties.correlationData ?? crypto.getRandomValues(new Uint8Array(8));
      const properties = version === '5.0' ? { ...made.properties, responseTopic, correlationData } : {};
      const outcome = await engineClient().session(sessionId, 'request.send', {
        topic: made.topic,
        payload: made.payload,
        qos: message.qos,
        retain: message.retain,
        properties,
        responseTopic,
        timeout: seconds * 1000,
        ...(token === undefined ? {} : { confirmation: await token }),
      });
      setState({ kind: 'done', outcome });
    } catch (error) {
      setState({ kind: 'failed', failure: toFailure(error) });
    }
  };
  const isReady = message.topic !== '' && responseTopic !== '' && state.kind !== 'waiting';
  return (
    <form
      ref={form}
      className={classes.form}
      aria-label="New request"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (guard === 'none' && isReady) {
          void send();
        }
      }}
    >
      <MessageFields
        message={message}
        onChange={setMessage}
        topicPlaceholder="line/1/get"
        ruled={ruled}
        generators={generators}
      />
      <div className={paneForm.line}>
        <TextInput
          className={classes.responseTopic ?? ''}
          label="Answer comes on"
          size="xs"
          spellCheck={false}
          value={responseTopic}
          classNames={{ input: classes.mono ?? '' }}
          onChange={(event) => setResponseTopic(event.currentTarget.value)}
        />
        <RangeInput
          className={classes.wait ?? ''}
          label="Within, s"
          size="xs"
          min={0.1}
          max={100}
          value={seconds}
          onChange={setSeconds}
        />
        {guard === 'none' && (
          <Button
            type="submit"
            size="xs"
            disabled={!isReady}
            leftSection={<Send size={14} strokeWidth={1.75} aria-hidden />}
          >
            Send request
          </Button>
        )}
        {guard === 'confirm' && (
          <HoldButton
            size="xs"
            holdFor={HOLD_TIME}
            onBegin={() => confirmation.begin('hold')}
            onHeld={() => isReady && void send(confirmation.take())}
          >
            Hold: Send request
          </HoldButton>
        )}
        {guard === 'readOnly' && <span className={classes.note}>Read-only: no request is sent.</span>}
      </div>
      <div role="status" aria-label="Outcome of the request" className={classes.outcome}>
        {state.kind === 'waiting' && 'Waiting for the answer…'}
        {state.kind === 'done' && outcomeWords(state.outcome)}
      </div>
      {state.kind === 'failed' && <FailureNote failure={state.failure} />}
    </form>
  );
}

function outcomeWords(outcome: RequestOutcome): string {
  switch (outcome.kind) {
    case 'answered':
      return `Answered after ${formatDuration(outcome.after)}: ${outcome.preview === '' ? '(empty)' : outcome.preview}`;
    case 'nobody':
      return 'Nobody is subscribed to this topic (reason code 0x10), so nobody will answer.';
    case 'timeout':
      return outcome.others === 0
        ? 'No answer came in time.'
        : `No answer came in time. ${formatQuantity(outcome.others, 'message')} came on the response topic without the correlation data of the request.`;
  }
}

/** A topic of one's own: below what the broker offers for it (MQTT 5.0 section 3.2.2.3.15), else below the client ID. */
function ownTopic({ state, profile }: SessionSummary): string {
  const base = state.kind === 'connected' ? state.connack.responseInformation : undefined;
  const id = state.kind === 'connected' ? state.clientId : profile.clientId;
  const name = (id === '' ? 'topicscope' : id).replaceAll(/[/+#\u0000]/g, '-');
  const random = crypto.randomUUID().slice(0, 8);
  return base === undefined || base === ''
    ? `topicscope/${name}/reply/${random}`
    : `${base.replace(/\/+$/, '')}/${random}`;
}
