import { Menu, NativeSelect, Switch } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { type PayloadFormat, payloadFormats, type Qos } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEnvironment, useSession } from '#renderer/state/engine-data.ts';
import { setCollapsed } from '#renderer/state/layout.ts';
import { useWorkspace } from '#renderer/state/workspace.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import {
  checkPayload,
  checkProperties,
  emptyProperties,
  formatNames,
  fromProperties,
  type PublishDraft,
  toProperties,
} from './draft.ts';
import { changeDraft, readDraft, takeRequest, useDraft } from './draft-store.ts';
import { fillTopic } from './fill-topic.ts';
import { PayloadField } from './payload-field.tsx';
import { PropertiesSection } from './properties-section.tsx';
import styles from './publish.module.css';
import { PublishFooter } from './publish-footer.tsx';
import { RecentsMenu } from './recents-menu.tsx';
import { bytesSource, fileSource } from './send.ts';
import { TopicField } from './topic-field.tsx';
import { useConfirmation } from './use-confirmation.ts';
import { usePublisher } from './use-publisher.ts';

/** Longer texts are not kept for recalling (the contract's limit, in UTF-16 units). */
const MAX_RECENT_TEXT = 65_536;
/** The choice beside the formats: bytes of a file. */
const FILE = 'file';
const wrongField = `.${styles.properties} [aria-invalid="true"]`;

/** The composer of a session: a message is written, checked while it is written, sent, and its outcome shown. */
export function PublishPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <Composer session={session} />;
}

function Composer({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId, state } = session;
  const version = state.kind === 'connected' ? state.mqttVersion : session.profile.mqttVersion;
  const draft = useDraft(sessionId);
  const { guard, environmentId } = session.profile;
  const environment = useEnvironment(environmentId);
  const publisher = usePublisher(sessionId, guard);
  const confirmation = useConfirmation(sessionId);
  const topicInput = useRef<HTMLInputElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const paneElement = useRef<HTMLElement>(null);
  const [wasTopicLeft, setTopicLeft] = useState(false);
  const [isPropertiesOpen, setPropertiesOpen] = useState(false);
  const [isRecentsOpen, setRecentsOpen] = useState(false);
  const topic = fillTopic(draft.topic, version, environment);
  /** Whether the key press under way is one that repeats itself: it is no second press. */
  const isRepeated = useRef(false);
  const propertiesProblems = version === '5.0' ? checkProperties(draft.properties) : {};

  const change = (patch: Partial<PublishDraft>) => changeDraft(sessionId, patch);
  useRequests(sessionId, topicInput, () => setTopicLeft(false));

  const submit = async (token?: Promise<string>) => {
    // What is on screen may be a moment behind what was typed last.
    const current = readDraft(sessionId);
    const { problem, topic: name } = fillTopic(current.topic, version, environment);
    if (problem !== undefined) {
      setTopicLeft(true);
      topicInput.current?.focus();
      publisher.refuse({ code: 'publish.topic', message: 'Nothing was sent.', hint: problem });
      return;
    }
    if (Object.keys(propertiesProblems).length > 0) {
      setPropertiesOpen(true);
      // Once the section is open, to the first field that is marked.
      requestAnimationFrame(() => paneElement.current?.querySelector<HTMLElement>(wrongField)?.focus());
      const hint = 'Correct the marked properties, then publish again.';
      publisher.refuse({ code: 'publish.properties', message: 'Nothing was sent.', hint });
      return;
    }
    const { file, format, text } = current;
    const check = file === undefined ? checkPayload(format, text) : undefined;
    if (check?.ok === false) {
      // What is wrong stands below the payload.
      publisher.refuse({ ...check.failure, message: 'Nothing was sent.' });
      return;
    }
    const payload = file === undefined ? bytesSource(check?.bytes ?? new Uint8Array()) : fileSource(file);
    const { qos, retain } = current;
    const properties = toProperties(version === '5.0' ? current.properties : emptyProperties);
    const message = { topic: name, payload, qos, retain, properties };
    const isOut = await publisher.publish(message, token);
    if (isOut && file === undefined && text.length <= MAX_RECENT_TEXT) {
      const recent = { topic: current.topic, format, text, qos, retain, properties, at: Date.now() };
      keepRecent(profileId, recent);
    }
  };

  /** By keys or from the palette: a production connection wants it twice. */
  const submitByKey = () => {
    if (guard === 'none') {
      void submit();
    } else if (guard === 'confirm' && !isRepeated.current) {
      if (confirmation.isArmed) {
        void submit(confirmation.take());
      } else {
        confirmation.begin('twice');
      }
    }
  };

  const clearRetained = () => {
    if (topic.problem === undefined) {
      void publisher.clearRetained(topic.topic, false);
    } else {
      setTopicLeft(true);
      topicInput.current?.focus();
      publisher.refuse({ code: 'publish.topic', message: 'Nothing was cleared.', hint: topic.problem });
    }
  };
  const chooseFile = () => fileInput.current?.click();
  const recall = ({ topic: name, format, text, qos, retain, properties }: RecentPublish) => {
    change({
      topic: name,
      format,
      text,
      file: undefined,
      qos,
      retain,
      properties: fromProperties(properties),
    });
    topicInput.current?.focus();
  };

  const group = 'Publish';
  const enabled = () => guard !== 'readOnly';
  useCommand({
    id: 'publish.send',
    label: 'Publish message',
    group,
    keywords: ['send'],
    enabled,
    run: submitByKey,
  });
  useCommand({ id: 'publish.file', label: 'Publish a file…', group, enabled, run: chooseFile });
  useCommand({ id: 'publish.recents', label: 'Recent publishes', group, run: () => setRecentsOpen(true) });
  useCommand({
    id: 'publish.clearRetained',
    label: 'Clear retained message',
    group,
    enabled,
    run: clearRetained,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submitByKey();
    }
  };

  return (
    <Pane
      ref={paneElement}
      role="region"
      aria-label="Publish"
      onKeyDownCapture={(event) => {
        isRepeated.current = event.repeat;
      }}
      onKeyDown={onKeyDown}
    >
      <PaneHeader
        title="Publish"
        actions={
          <>
            <RecentsMenu
              profileId={profileId}
              isOpen={isRecentsOpen}
              onOpen={setRecentsOpen}
              onRecall={recall}
            />
            <Menu position="bottom-end" returnFocus>
              <Menu.Target>
                <IconButton icon={Ellipsis} label="More about publishing" />
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={chooseFile}>Publish a file…</Menu.Item>
                {guard !== 'readOnly' && (
                  <Menu.Item onClick={clearRetained}>Clear retained message</Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      <div className={styles.body}>
        <TopicField
          label="Topic"
          placeholder="devices/valve-1/set"
          sessionId={sessionId}
          value={draft.topic}
          inputRef={topicInput}
          problem={wasTopicLeft || draft.topic !== '' ? topic.problem : undefined}
          warning={topic.warning ?? (topic.note === undefined ? undefined : `→ ${visibleText(topic.note)}`)}
          onChange={(name) => change({ topic: name })}
        />
        <div className={styles.choices}>
          <NativeSelect
            label="Format"
            value={draft.file === undefined ? draft.format : FILE}
            data={[
              ...payloadFormats.map((value) => ({ value, label: formatNames[value] })),
              { value: FILE, label: 'File' },
            ]}
            onChange={(event) => {
              const { value } = event.currentTarget;
              // Without a file yet the choice stays as it was until one is chosen.
              if (value === FILE) {
                chooseFile();
              } else {
                change({ format: value as PayloadFormat, file: undefined });
              }
            }}
          />
          <NativeSelect
            label="QoS"
            value={String(draft.qos)}
            data={['0', '1', '2']}
            onChange={(event) => change({ qos: Number(event.currentTarget.value) as Qos })}
          />
          <Switch
            className={styles.retain ?? ''}
            label="Retain"
            checked={draft.retain}
            onChange={(event) => change({ retain: event.currentTarget.checked })}
          />
        </div>
        <PayloadField
          format={draft.format}
          text={draft.text}
          file={draft.file}
          onText={(text) => change({ text })}
          onFile={(file) => change({ file })}
          onChooseFile={chooseFile}
          onSubmit={submitByKey}
        />
        <input
          ref={fileInput}
          type="file"
          hidden
          aria-label="Payload from a file"
          onChange={(event) => {
            change({ file: event.currentTarget.files?.[0] ?? draft.file });
            // The same file can be chosen again after it was removed.
            event.currentTarget.value = '';
          }}
        />
        {version === '5.0' && (
          <PropertiesSection
            sessionId={sessionId}
            draft={draft.properties}
            problems={propertiesProblems}
            isOpen={isPropertiesOpen}
            onToggle={() => setPropertiesOpen((before) => !before)}
            onChange={(properties) => change({ properties })}
          />
        )}
      </div>
      <PublishFooter
        sessionId={sessionId}
        guard={guard}
        publisher={publisher}
        version={version}
        confirmation={confirmation}
        onSubmit={(token) => void submit(token)}
      />
    </Pane>
  );
}

/** Takes over what another pane asks for, and shows it. */
function useRequests(
  sessionId: string,
  topicInput: { readonly current: HTMLInputElement | null },
  onTaken: () => void,
): void {
  const request = useWorkspace((state) => state.publishRequests[sessionId]);
  const latest = useRef(onTaken);
  latest.current = onTaken;
  useEffect(() => {
    if (request === undefined || !takeRequest(sessionId, request.serial)) {
      return;
    }
    const { topic, payload } = request;
    changeDraft(sessionId, payload === undefined ? { topic } : { topic, ...payload, file: undefined });
    setCollapsed('side', false);
    setCollapsed('publish', false);
    latest.current();
    focusTopic(topicInput.current);
  }, [sessionId, request, topicInput]);
}

function focusTopic(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}

/** Recalling is a convenience: that it was not kept must not hide that the message went out. */
function keepRecent(profileId: string, recent: RecentPublish): void {
  engineClient()
    .main('recents.add', { profileId, recent: { ...recent, properties: { ...recent.properties } } })
    .catch(() => {});
}
