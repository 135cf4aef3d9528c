import { Button } from '@mantine/core';
import { House, Plus, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { runCommand } from '#renderer/commands/run.ts';
import { sessionEndpoint, stateWord } from '#renderer/state/connection-words.ts';
import { useSessions } from '#renderer/state/engine-data.ts';
import { activateTab, useWorkspace } from '#renderer/state/workspace.ts';
import { colorValue } from '#renderer/ui/color-mark.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { moveAlong } from '#renderer/ui/roving.ts';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import { requestClose } from './close-session.ts';
import classes from './tabs.module.css';

/** The line of connections on top of the window. `children`: what stands at its right end. */
export function ConnectionTabs({ children }: { readonly children?: ReactNode }) {
  const sessions = useSessions();
  const activeTab = useWorkspace((state) => state.activeTab);
  const list = useRef<HTMLUListElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another tab is opened
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTab]);

  return (
    <nav aria-label="Connections" className={classes.bar}>
      <ul
        ref={list}
        className={classes.tabs}
        // Arrow keys move along the tabs, as in any row of tabs; Tab leaves it.
        onKeyDown={(event) =>
          moveAlong(event, [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tab]')])
        }
        // More tabs than fit: the wheel moves them sideways.
        onWheel={(event) => event.currentTarget.scrollBy({ left: event.deltaY })}
      >
        <li className={`${classes.tab} ${classes.home}`} data-active={activeTab === 'home' || undefined}>
          <button
            type="button"
            data-tab
            className={classes.button}
            aria-current={activeTab === 'home' ? 'page' : undefined}
            onClick={() => activateTab('home')}
          >
            <House size={14} strokeWidth={1.75} aria-hidden />
            Home
          </button>
        </li>
        {sessions.map((session) => (
          <SessionTab key={session.sessionId} session={session} isActive={session.sessionId === activeTab} />
        ))}
      </ul>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        className={classes.add}
        leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => runCommand('connection.new')}
      >
        New connection
      </Button>
      <div className={classes.end}>{children}</div>
    </nav>
  );
}

function SessionTab({ session, isActive }: { readonly session: SessionSummary; readonly isActive: boolean }) {
  const { sessionId, profile, state, temporary } = session;
  const name = visibleText(profile.name);
  const word = session.awaitsSignIn === true ? 'Waiting for user name and password' : stateWord(state);
  return (
    <li
      className={classes.tab}
      data-active={isActive || undefined}
      title={`${name}\n${visibleText(sessionEndpoint(session))}\n${word}${temporary ? '\nTemporary: gone when it is closed' : ''}`}
      onAuxClick={(event) => {
        if (event.button === 1) {
          requestClose(session);
        }
      }}
    >
      <span aria-hidden className={classes.band} style={{ background: colorValue(profile.color) }} />
      <button
        type="button"
        data-tab
        className={classes.button}
        aria-current={isActive ? 'page' : undefined}
        onClick={() => activateTab(sessionId)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') {
            requestClose(session);
          }
        }}
      >
        <StateGlyph kind={state.kind} size={10} />
        <span className={classes.name} data-temporary={temporary || undefined}>
          {name}
        </span>
        {temporary && (
          <span aria-hidden className={classes.unsaved}>
            •
          </span>
        )}
        <span className="visually-hidden">
          {word}
          {temporary ? ', temporary' : ''}
        </span>
      </button>
      <IconButton
        compact
        icon={X}
        label={`Close ${name}`}
        className={classes.close}
        onClick={() => requestClose(session)}
      />
    </li>
  );
}
