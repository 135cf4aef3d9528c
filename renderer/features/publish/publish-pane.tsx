import { Menu, NativeSelect, Switch } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { Codec } from '#app/payload/codec.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { type PublishFormat, payloadFormats, type Qos } from '#app/profile/profile.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { requestJob } from '#renderer/state/job-requests.ts';
import { writtenMessage } from '#renderer/state/publish-draft.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { PayloadField } from './payload-field.tsx';
import { PropertiesSection } from './properties-section.tsx';
import styles from './publish.module.css';
import { PublishFooter } from './publish-footer.tsx';
import { RecentsMenu } from './recents-menu.tsx';
import { TopicField } from './topic-field.tsx';
import { type Composer, useComposer } from './use-composer.ts';

/** The choice beside the formats: bytes of a file. */
const FILE = 'file';

/** The composer of a session: a message is written, checked while it is written, sent, and its outcome shown. */
export function PublishPane({ sessionId }: { readonly sessionId: string }) {
  const session = useSession(sessionId);
  return session === undefined ? undefined : <PublishForm session={session} />;
}

function PublishForm({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profileId } = session;
  const { guard } = session.profile;
  const pane = useRef<HTMLElement>(null);
  const topicInput = useRef<HTMLInputElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const composer = useComposer(session, { pane, topic: topicInput, file: fileInput });
  const { draft, topic, version, change } = composer;
  const { warning = topic.note === undefined ? undefined : `→ ${visibleText(topic.note)}` } = topic;

  return (
    <Pane
      ref={pane}
      role="region"
      aria-label="Publish"
      onKeyDownCapture={(event) => composer.noteKey(event.repeat)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
          event.preventDefault();
          composer.submitByKey();
        }
      }}
    >
      <PaneHeader
        title="Publish"
        actions={
          <>
            <RecentsMenu
              profileId={profileId}
              isOpen={composer.isRecentsOpen}
              onOpen={composer.setRecentsOpen}
              onRecall={composer.recall}
            />
            <Menu position="bottom-end" returnFocus>
              <Menu.Target>
                <IconButton icon={Ellipsis} label="More about publishing" />
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={composer.chooseFile}>Publish a file…</Menu.Item>
                <Menu.Item onClick={composer.copyAs}>Copy as program…</Menu.Item>
                <Menu.Item onClick={composer.save}>Save to library…</Menu.Item>
                <Menu.Item onClick={() => attempt(() => requestJob(sessionId, writtenMessage(sessionId)))}>
                  Repeat…
                </Menu.Item>
                {guard !== 'readOnly' && (
                  <Menu.Item onClick={composer.clearRetained}>Clear retained message</Menu.Item>
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
          problem={composer.topicProblem}
          warning={warning}
          onChange={(name) => change({ topic: name })}
        />
        <Choices composer={composer} />
        <PayloadField
          format={draft.format}
          topic={topic.topic}
          text={draft.text}
          file={draft.file}
          ruled={composer.ruled}
          generators={composer.generators}
          onFills={(fills) => change({ fills })}
          onText={(text) => change({ text })}
          onFile={(file) => change({ file })}
          onChooseFile={composer.chooseFile}
          onSubmit={composer.submitByKey}
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
            problems={composer.propertiesProblems}
            isOpen={composer.isPropertiesOpen}
            onToggle={() => composer.setPropertiesOpen(!composer.isPropertiesOpen)}
            onChange={(properties) => change({ properties })}
          />
        )}
      </div>
      <PublishFooter
        sessionId={sessionId}
        guard={guard}
        publisher={composer.publisher}
        version={version}
        confirmation={composer.confirmation}
        onSubmit={composer.submit}
      />
    </Pane>
  );
}

function ruleLabel(ruled: Codec | undefined): string {
  return ruled === undefined ? formatNames.rule : `${formatNames.rule} (${ruled.label})`;
}

/** Format, QoS and retain, in one line. */
function Choices({ composer: { draft, change, chooseFile, ruled } }: { readonly composer: Composer }) {
  return (
    <div className={styles.choices}>
      <NativeSelect
        label="Format"
        value={draft.file === undefined ? draft.format : FILE}
        data={[
          ...(ruled?.encode === undefined && draft.format !== 'rule'
            ? []
            : [{ value: 'rule', label: ruleLabel(ruled) }]),
          ...payloadFormats.map((value) => ({ value, label: formatNames[value] })),
          { value: FILE, label: 'File' },
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget;
          // Without a file yet the choice stays as it was until one is chosen.
          if (value === FILE) {
            chooseFile();
          } else {
            change({ format: value as PublishFormat, file: undefined });
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
  );
}
