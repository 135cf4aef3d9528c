import { Tabs } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { z } from 'zod';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { addSeries } from '#renderer/state/charts.ts';
import { type InspectorTab, inspectorTabs, setCompareBase } from '#renderer/state/inspector-requests.ts';
import { useKept } from '#renderer/state/kept.ts';
import { showMoment, useMoment } from '#renderer/state/timeline.ts';
import { selectMessage, selectTopic } from '#renderer/state/workspace.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { DiffTab } from './diff-tab.tsx';
import { FieldsTab } from './fields-tab.tsx';
import classes from './header.module.css';
import { HistoryTab } from './history-tab.tsx';
import { MessageFacts } from './message-facts.tsx';
import { PropertiesTab } from './properties-tab.tsx';
import { useNeighbours } from './use-neighbours.ts';
import { useView } from './use-view.ts';
import { ValueTab } from './value-tab.tsx';
import { ValueTools } from './value-tools.tsx';
import { useViewChoice } from './view-choice.ts';

interface MessageViewProps {
  readonly sessionId: string;
  readonly profileId: string;
  readonly mqttVersion: MqttVersion | undefined;
  readonly details: MessageDetails;
  readonly isFollowing: boolean;
  /** For a message of another topic: this one is not to be seen any more. */
  readonly isWaiting: boolean;
  readonly tab: InspectorTab;
  readonly onTab: (tab: InspectorTab) => void;
  /** The charts of the connection. */
  readonly chart: ReactNode;
}

/** One message from all sides. */
export function MessageView({
  sessionId,
  profileId,
  mqttVersion,
  details,
  isFollowing,
  isWaiting,
  tab,
  onTab,
  chart,
}: MessageViewProps) {
  const { topic, topicId, sequence } = details;
  const [codec, chooseCodec] = useViewChoice(profileId, topic);
  const [wordWrap, setWordWrap] = useKept('inspector.wordWrap', z.boolean(), true);
  const view = useView(sessionId, details, codec);
  const { source, failure } = view;
  // Until a value of this topic is there, the last one keeps its editor, unseen.
  const own = view.topicId === topicId ? source : undefined;
  const { previous, next } = useNeighbours(sessionId, details, isFollowing);

  const open = (to: number | undefined) => {
    if (to !== undefined) {
      selectMessage(sessionId, topic, topicId, to);
    }
  };
  useCommand({
    id: 'inspector.previous',
    label: 'Previous message of the topic',
    group: 'Message',
    shortcut: 'alt+ArrowLeft',
    repeats: true,
    enabled: () => previous !== undefined && !isWaiting,
    run: () => open(previous),
  });
  useCommand({
    id: 'inspector.next',
    label: 'Next message of the topic',
    group: 'Message',
    shortcut: 'alt+ArrowRight',
    repeats: true,
    enabled: () => next !== undefined && !isWaiting,
    run: () => open(next),
  });
  useCommand({
    id: 'inspector.follow',
    label: 'Follow newest',
    group: 'Message',
    keywords: ['live', 'latest'],
    enabled: () => !isFollowing && !isWaiting,
    run: () => selectTopic(sessionId, topic, topicId),
  });

  useCommand({
    id: 'inspector.moment',
    label: 'Show the tree as of this message',
    group: 'Message',
    keywords: ['timeline', 'time', 'past'],
    enabled: () => !isWaiting,
    run: () => showMoment(sessionId, { at: details.receivedAt, sequence }),
  });
  useCommand({
    id: 'inspector.compare',
    label: 'Compare with…',
    group: 'Message',
    keywords: ['diff', 'difference'],
    enabled: () => !isWaiting,
    run: () => {
      setCompareBase(sessionId, { sequence, topic, receivedAt: details.receivedAt });
      onTab('Diff');
    },
  });

  return (
    <div className={classes.view} data-waiting={isWaiting || undefined}>
      <div className={classes.bar}>
        <MessageFacts sessionId={sessionId} details={details} />
        <div className={classes.steps}>
          {isFollowing ? (
            <NewestNote sessionId={sessionId} />
          ) : (
            <button
              type="button"
              className={classes.follow}
              onClick={() => selectTopic(sessionId, topic, topicId)}
            >
              Follow newest
            </button>
          )}
          <IconButton
            icon={ChevronLeft}
            label="Previous message"
            shortcut="alt+ArrowLeft"
            aria-disabled={previous === undefined || undefined}
            onClick={() => open(previous)}
          />
          <IconButton
            icon={ChevronRight}
            label="Next message"
            shortcut="alt+ArrowRight"
            aria-disabled={next === undefined || undefined}
            onClick={() => open(next)}
          />
        </div>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => onTab(inspectorTabs.find((name) => name === value) ?? 'Value')}
        className={classes.tabs}
        classNames={{ list: classes.list ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
      >
        <div className={classes.tabbar}>
          <Tabs.List>
            {inspectorTabs.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <ValueTools
            sessionId={sessionId}
            details={details}
            source={own}
            profileId={profileId}
            codec={codec}
            onCodec={chooseCodec}
            wordWrap={wordWrap}
            onWordWrap={setWordWrap}
            isValueShown={tab === 'Value'}
          />
        </div>
        <Tabs.Panel value="Value">
          <ValueTab
            sessionId={sessionId}
            details={details}
            source={source}
            isWaiting={own === undefined}
            failure={failure}
            wordWrap={wordWrap}
            onNumber={(path) => {
              addSeries(profileId, { topic, codec, value: { kind: 'field', path } });
              onTab('Chart');
            }}
            contentId={`${sessionId}\n${view.topicId ?? ''}\n${source?.view.codec ?? ''}`}
          />
        </Tabs.Panel>
        <Tabs.Panel value="Chart">{chart}</Tabs.Panel>
        {/* What these show of one topic must not stand in for another. */}
        <Fragment key={topicId}>
          <Tabs.Panel value="History">
            <HistoryTab
              sessionId={sessionId}
              topic={topic}
              topicId={topicId}
              sequence={sequence}
              codec={codec}
            />
          </Tabs.Panel>
          <Tabs.Panel value="Diff">
            <DiffTab sessionId={sessionId} details={details} codec={codec} />
          </Tabs.Panel>
          <Tabs.Panel value="Fields">
            <FieldsTab
              sessionId={sessionId}
              profileId={profileId}
              topic={topic}
              topicId={topicId}
              codec={codec}
            />
          </Tabs.Panel>
          <Tabs.Panel value="Properties">
            <PropertiesTab sessionId={sessionId} details={details} mqttVersion={mqttVersion} />
          </Tabs.Panel>
        </Fragment>
      </Tabs>
    </div>
  );
}

/** Which message of its topic is shown: the newest, now or at the moment that the session is looked at. */
function NewestNote({ sessionId }: { readonly sessionId: string }) {
  const isLive = useMoment(sessionId) === undefined;
  return isLive ? (
    <span className={classes.position} title="The newest message of the topic is shown as it comes">
      Newest
    </span>
  ) : (
    <span className={classes.position} title="The newest message of the topic as of the moment that is shown">
      Newest then
    </span>
  );
}
