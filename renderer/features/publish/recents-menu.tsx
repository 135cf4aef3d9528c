import { Menu } from '@mantine/core';
import { History } from 'lucide-react';
import { useState } from 'react';
import { formatTime } from '#app/base/format.ts';
import { toFailure } from '#app/contract/failure.ts';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import styles from './publish.module.css';

interface RecentsMenuProps {
  readonly profileId: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onRecall: (recent: RecentPublish) => void;
}

type Recents =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly list: readonly RecentPublish[] }
  | { readonly kind: 'failed'; readonly message: string };

/** What was published last from this profile, newest first; choosing one fills the composer and sends nothing. */
export function RecentsMenu({ profileId, isOpen, onOpen, onRecall }: RecentsMenuProps) {
  const [recents, setRecents] = useState<Recents>({ kind: 'loading' });
  const load = async () => {
    try {
      const list = await engineClient().main('recents.list', { profileId });
      setRecents({ kind: 'there', list: [...list].sort((a, b) => b.at - a.at) });
    } catch (error) {
      setRecents({ kind: 'failed', message: toFailure(error).message });
    }
  };
  return (
    <Menu
      opened={isOpen}
      onChange={onOpen}
      onOpen={() => void load()}
      position="bottom-end"
      width={320}
      trapFocus
      classNames={{ itemLabel: styles.recentLabel ?? '' }}
      returnFocus
    >
      <Menu.Target>
        <IconButton icon={History} label="Recent publishes" />
      </Menu.Target>
      <Menu.Dropdown aria-label="Recent publishes">
        <div className={styles.recents}>
          <Items recents={recents} onRecall={onRecall} />
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ recents, onRecall }: { readonly recents: Recents } & Pick<RecentsMenuProps, 'onRecall'>) {
  if (recents.kind !== 'there') {
    return <Menu.Label>{recents.kind === 'loading' ? 'Loading…' : recents.message}</Menu.Label>;
  }
  if (recents.list.length === 0) {
    return <Menu.Label>What you publish from this profile can be recalled here.</Menu.Label>;
  }
  return recents.list.map((recent) => (
    <Menu.Item
      key={`${recent.at} ${recent.topic}`}
      onClick={() => onRecall(recent)}
      className={styles.recent}
    >
      <span className={styles.recentTopic}>{visibleText(recent.topic)}</span>
      <span className={styles.recentText}>
        {recent.text === '' ? '(empty)' : visibleText(recent.text.slice(0, 120).replace(/\s+/g, ' '))}
      </span>
      <span className={styles.recentFacts}>
        {formatTime(recent.at).slice(0, 8)} · {formatNames[recent.format]} · QoS {recent.qos}
        {recent.retain ? ' · retained' : ''}
      </span>
    </Menu.Item>
  ));
}
