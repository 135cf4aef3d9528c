import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { requestReveal } from '#renderer/state/pane-requests.ts';
import { selectTopic } from '#renderer/state/workspace.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { moveAlong } from '#renderer/ui/roving.ts';
import classes from './header.module.css';
import { pathSegments } from './path-segments.ts';

interface TopicPathProps {
  readonly sessionId: string;
  readonly topic: string;
}

/** The topic level by level; each level above goes there. A topic too long for that is one line, cut in its middle. */
export function TopicPath({ sessionId, topic }: TopicPathProps) {
  const segments = pathSegments(topic);
  const title = visibleText(topic.length > 2000 ? `${topic.slice(0, 2000)}…` : topic);
  if (segments === undefined) {
    return (
      <span className={classes.path} title={title} data-testid="message-topic">
        <CutText text={visibleText(cutMiddle(topic))} />
      </span>
    );
  }
  // One tab stop for all levels, at the one right above; the arrow keys go along them.
  const lastAbove = segments.length - 2;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it
    <span
      className={classes.path}
      title={title}
      data-testid="message-topic"
      onKeyDown={(event) =>
        moveAlong(event, [...event.currentTarget.querySelectorAll<HTMLElement>('button')])
      }
    >
      {segments.map(({ name, path, isLast }, place) => (
        <span key={path.length} className={classes.segment} data-last={isLast || undefined}>
          {isLast ? (
            <span className={classes.level} data-empty={name === '' || undefined}>
              {shown(name)}
            </span>
          ) : (
            <>
              <button
                type="button"
                tabIndex={place === lastAbove ? 0 : -1}
                className={classes.level}
                data-empty={name === '' || undefined}
                onClick={() => attempt(() => goTo(sessionId, path))}
              >
                {shown(name)}
              </button>
              <span className={classes.slash}>/</span>
            </>
          )}
        </span>
      ))}
    </span>
  );
}

function shown(name: string): string {
  return name === '' ? '(empty)' : visibleText(name);
}

function cutMiddle(topic: string): string {
  return topic.length <= 1000 ? topic : `${topic.slice(0, 700)}…${topic.slice(-299)}`;
}

/** Chooses a level above in the tree. */
async function goTo(sessionId: string, path: string): Promise<void> {
  const { nodeId } = await engineClient().session(sessionId, 'tree.reveal', { topic: path });
  selectTopic(sessionId, path, nodeId);
  requestReveal(sessionId, path);
}
