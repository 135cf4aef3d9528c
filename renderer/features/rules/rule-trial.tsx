import { useEffect, useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Rule } from '#app/profile/rules.ts';
import { engineClient } from '#renderer/client/engine.ts';
import classes from './rules.module.css';

interface RuleTrialProps {
  readonly sessionId: string;
  /** A view without a problem of its own. */
  readonly codec: Rule['codec'];
  /** The message that it is tried on, and its topic. */
  readonly sequence: number;
  readonly topic: string;
}

type Tried =
  | { readonly text: string; readonly isCut: boolean; readonly notes: readonly string[] }
  | { readonly failure: Failure };

/** Milliseconds of rest before what is typed is tried. */
const REST = 150;
/** Milliseconds after which a trial is made although typing goes on, or messages keep coming. */
const MAX_WAIT = 1000;

/** The newest message of a topic that the rule applies to, as the view being chosen shows it. */
export function RuleTrial({ sessionId, codec, sequence, topic }: RuleTrialProps) {
  const [tried, setTried] = useState<Tried | undefined>(undefined);
  const waitingSince = useRef(0);
  const asked = useRef(0);
  const answered = useRef(0);
  const key = JSON.stringify(codec);
  useEffect(() => {
    waitingSince.current ||= performance.now();
    const isOverdue = performance.now() - waitingSince.current > MAX_WAIT;
    const timer = setTimeout(
      async () => {
        waitingSince.current = 0;
        asked.current += 1;
        const turn = asked.current;
        const show = (answer: Tried) => {
          // Of two that cross, the one that was asked for later.
          if (turn > answered.current) {
            answered.current = turn;
            setTried(answer);
          }
        };
        try {
          const wanted = { sessionId, sequence, codec: JSON.parse(key) as Rule['codec'] };
          show(await engineClient().readers('rules.try', wanted));
        } catch (error) {
          show({ failure: toFailure(error) });
        }
      },
      isOverdue ? 0 : REST,
    );
    return () => clearTimeout(timer);
  }, [sessionId, sequence, key]);
  return (
    <section className={classes.trial} aria-label="Preview of the view">
      <p>
        The newest message of <span className={classes.mono}>{visibleText(topic)}</span>
      </p>
      {tried !== undefined && 'failure' in tried && (
        <p>
          {tried.failure.message} {tried.failure.hint}
        </p>
      )}
      {tried !== undefined && 'text' in tried && (
        <>
          {tried.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
          {tried.text !== '' && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
            <pre tabIndex={0}>
              {visibleLines(tried.text)}
              {tried.isCut && '…'}
            </pre>
          )}
          {tried.text === '' && <p>Shown in the hex grid or as an image in the inspector.</p>}
        </>
      )}
    </section>
  );
}

/** As {@link visibleText}, with the line ends left as they are. */
function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
