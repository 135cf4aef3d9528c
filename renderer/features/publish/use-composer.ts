import { type RefObject, useMemo, useRef, useState } from 'react';
import { fail, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import type { GeneratorContext } from '#app/generate/generators.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { composeMessages } from '#app/publish/compose.ts';
import { type FilledTopic, fillTopic } from '#app/publish/fill-topic.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import {
  checkProperties,
  emptyProperties,
  fromProperties,
  type PropertiesProblems,
  toProperties,
} from '#app/publish/template-properties.ts';
import { bytesSource, fileSource } from '#renderer/client/send.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { requestCopyAs } from '#renderer/state/copy-as.ts';
import { useEnvironment } from '#renderer/state/engine-data.ts';
import { advanceSeries, generatorContext } from '#renderer/state/generator-series.ts';
import { requestSave } from '#renderer/state/library-requests.ts';
import {
  changeDraft,
  type PublishDraft,
  readDraft,
  useDraft,
  writtenMessage,
} from '#renderer/state/publish-draft.ts';
import { ruledCodec } from '#renderer/state/topic-rule.ts';
import { type Confirmation, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { keepRecent } from './keep-recent.ts';
import { programMessages } from './program-messages.ts';
import styles from './publish.module.css';
import { usePublishRequests } from './use-publish-requests.ts';
import { type Publisher, usePublisher } from './use-publisher.ts';

const wrongField = `.${styles.properties} [aria-invalid="true"]`;

/** The elements of the pane that the composer goes to. */
interface ComposerFields {
  readonly pane: RefObject<HTMLElement | null>;
  readonly topic: RefObject<HTMLInputElement | null>;
  readonly file: RefObject<HTMLInputElement | null>;
}

/** What is written, how it is judged, and what can be done with it. */
export interface Composer {
  readonly version: MqttVersion;
  readonly draft: PublishDraft;
  readonly topic: FilledTopic;
  /** Of the rule for the topic. */
  readonly ruled: Codec | undefined;
  /** For the next message; absent: nothing is filled in. */
  readonly generators: GeneratorContext | undefined;
  /** What is wrong with the topic, once somebody has written one or wanted to send it. */
  readonly topicProblem: string | undefined;
  readonly propertiesProblems: PropertiesProblems;
  readonly isPropertiesOpen: boolean;
  readonly isRecentsOpen: boolean;
  readonly publisher: Publisher;
  readonly confirmation: Confirmation;
  change(patch: Partial<PublishDraft>): void;
  setPropertiesOpen(isOpen: boolean): void;
  setRecentsOpen(isOpen: boolean): void;
  chooseFile(): void;
  /** Into the library, under a name that is asked for. */
  save(): void;
  /** As a program, in a dialog. */
  copyAs(): void;
  recall(recent: RecentPublish): void;
  clearRetained(): void;
  submit(token?: Promise<string>): void;
  /** By keys, once for each press of them: a production connection wants it twice. */
  submitByKey(): void;
  /** To be told of each key that goes down: one that repeats itself is no second press. */
  noteKey(isRepeat: boolean): void;
}

/** Checks what is written while it is written, sends it, and offers both as commands. */
export function useComposer(session: SessionSummary, fields: ComposerFields): Composer {
  const { sessionId, profileId, state, profile } = session;
  const { guard } = profile;
  const version = state.kind === 'connected' ? state.mqttVersion : profile.mqttVersion;
  const environment = useEnvironment(profile.environmentId);
  const draft = useDraft(sessionId);
  const publisher = usePublisher(sessionId, guard);
  const confirmation = useConfirmation(sessionId);
  const [wasTopicLeft, setTopicLeft] = useState(false);
  const [isPropertiesOpen, setPropertiesOpen] = useState(false);
  const [isRecentsOpen, setRecentsOpen] = useState(false);
  const isRepeated = useRef(false);
  // A time and a number for what is written now: another with each change, and after each message.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const generators = useMemo(
    () => generatorContext(sessionId, environment),
    [sessionId, environment, draft, publisher.outcome],
  );
  const topic = useMemo(
    () => fillTopic(draft.topic, version, generators, environment !== undefined),
    [draft.topic, version, environment, generators],
  );
  const ruled = ruledCodec(profile, topic.topic, environment);
  const propertiesProblems = version === '5.0' ? checkProperties(draft.properties) : {};

  const change = (patch: Partial<PublishDraft>) => changeDraft(sessionId, patch);
  usePublishRequests(sessionId, fields.topic, () => setTopicLeft(false));

  /** The messages that a text stands for now. */
  const composed = (message: MessageTemplate) =>
    composeMessages(message, {
      version,
      hasVariables: environment !== undefined,
      generators: (place) => generatorContext(sessionId, environment, place),
      codecFor: (to) => ruledCodec(profile, to, environment),
    });
  const refuseTopic = (message: string, hint: string) => {
    setTopicLeft(true);
    fields.topic.current?.focus();
    publisher.refuse({ code: 'publish.topic', message, hint });
  };

  const submit = async (token?: Promise<string>) => {
    // What is on screen may be a moment behind what was typed last.
    const current = readDraft(sessionId);
    const filling = generatorContext(sessionId, environment);
    const {
      problem,
      topics,
      topic: name,
    } = fillTopic(current.topic, version, filling, environment !== undefined);
    if (problem !== undefined) {
      refuseTopic('Nothing was sent.', problem);
      return;
    }
    if (Object.keys(propertiesProblems).length > 0) {
      setPropertiesOpen(true);
      // Once the section is open, to the first field that is marked.
      requestAnimationFrame(() => fields.pane.current?.querySelector<HTMLElement>(wrongField)?.focus());
      const hint = 'Correct the marked properties, then publish again.';
      publisher.refuse({ code: 'publish.properties', message: 'Nothing was sent.', hint });
      return;
    }
    const { file, format, text, qos, retain } = current;
    const propertiesDraft = version === '5.0' ? current.properties : emptyProperties;
    let isOut: boolean;
    try {
      if (file !== undefined) {
        if (topics.length > 1) {
          throw fail(
            'publish.fileToMany',
            'Nothing was sent: a file is published to one topic at a time.',
            'Write one topic, without {…}.',
          );
        }
        const properties = toProperties(propertiesDraft);
        isOut = await publisher.publish(
          { topic: name, payload: fileSource(file), qos, retain, properties },
          token,
        );
      } else {
        const messages = composed(current);
        const [first] = messages;
        isOut =
          messages.length === 1 && first !== undefined
            ? await publisher.publish({ ...first, payload: bytesSource(first.payload), qos, retain }, token)
            : await publisher.publishMany({ messages, qos, retain }, token);
      }
    } catch (error) {
      const failure = toFailure(error);
      // What is wrong with the payload stands below it.
      const isBelow = /^payload\.|^publish\.(rule|generator)$/.test(failure.code);
      publisher.refuse(isBelow ? { ...failure, message: 'Nothing was sent.' } : failure);
      return;
    }
    advanceSeries(sessionId, topics.length);
    if (isOut && file === undefined) {
      const properties = toProperties(propertiesDraft);
      const recent = { topic: current.topic, format, text, qos, retain, properties, at: Date.now() };
      void keepRecent(profileId, recent);
    }
  };

  const submitOrArm = () => {
    if (guard === 'none') {
      void submit();
    } else if (guard === 'confirm') {
      if (confirmation.isArmed) {
        void submit(confirmation.take());
      } else {
        confirmation.begin('twice');
      }
    }
  };

  const submitByKey = () => {
    if (!isRepeated.current) {
      submitOrArm();
    }
  };

  const clearRetained = () => {
    if (topic.problem === undefined) {
      void publisher.clearRetained(topic.topic, false);
    } else {
      refuseTopic('Nothing was cleared.', topic.problem);
    }
  };
  const chooseFile = () => fields.file.current?.click();

  const group = 'Publish';
  const enabled = () => guard !== 'readOnly';
  useCommand({
    id: 'publish.send',
    label: 'Publish message',
    group,
    keywords: ['send'],
    enabled,
    run: submitOrArm,
  });
  useCommand({ id: 'publish.file', label: 'Publish a file…', group, enabled, run: chooseFile });
  const save = () => attempt(() => requestSave(sessionId, writtenMessage(sessionId)));
  useCommand({
    id: 'publish.save',
    label: 'Save message to library…',
    group,
    shortcut: 'mod+S',
    run: save,
  });
  const copyAs = () =>
    void programMessages(readDraft(sessionId), composed).then(
      ([message, ...others]) => {
        if (message !== undefined) {
          requestCopyAs({ of: { sessionId }, message });
        }
        if (others.length > 0) {
          const hint = 'Copy the others one by one, each with its topic.';
          const text = `The program publishes the first of ${others.length + 1} messages.`;
          notify({ level: 'warning', message: text, hint });
        }
      },
      (error: unknown) => publisher.refuse(toFailure(error)),
    );
  useCommand({
    id: 'publish.copyAs',
    label: 'Copy message as program…',
    group,
    keywords: ['code', 'mosquitto_pub', 'python', 'arduino'],
    run: copyAs,
  });
  useCommand({ id: 'publish.recents', label: 'Recent publishes', group, run: () => setRecentsOpen(true) });
  useCommand({
    id: 'publish.clearRetained',
    label: 'Clear retained message',
    group,
    enabled,
    run: clearRetained,
  });

  return {
    version,
    draft,
    topic,
    ruled,
    generators: draft.fills ? generators : undefined,
    topicProblem: wasTopicLeft || draft.topic !== '' ? topic.problem : undefined,
    propertiesProblems,
    isPropertiesOpen,
    isRecentsOpen,
    publisher,
    confirmation,
    change,
    setPropertiesOpen,
    setRecentsOpen,
    chooseFile,
    save,
    copyAs,
    recall: ({ topic: name, format, text, qos, retain, properties }) => {
      change({
        topic: name,
        format,
        text,
        file: undefined,
        qos,
        retain,
        properties: fromProperties(properties),
      });
      fields.topic.current?.focus();
    },
    clearRetained,
    submit: (token) => void submit(token),
    submitByKey,
    noteKey: (isRepeat) => {
      isRepeated.current = isRepeat;
    },
  };
}
