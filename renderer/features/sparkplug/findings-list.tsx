import { TriangleAlert } from 'lucide-react';
import { formatCount, formatTime } from '#app/base/format.ts';
import type { SparkplugFinding } from '#app/contract/feeds/sparkplug.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { selectMessage } from '#renderer/state/workspace.ts';
import classes from './sparkplug.module.css';

interface FindingsListProps {
  readonly sessionId: string;
  readonly findings: readonly SparkplugFinding[];
  readonly total: number;
  /** Of which node or device; all, if absent. */
  readonly of: string | undefined;
}

/** What is not as the specification has it, the newest first; a click shows the message. */
export function FindingsList({ sessionId, findings, total, of }: FindingsListProps) {
  return (
    <section className={classes.findings} aria-label="Findings">
      <h3 className={classes.findingsTitle}>
        Findings {total > 0 && formatCount(total)}
        {total > findings.length && findings.length > 0 && (
          <span className={classes.note}> the newest {formatCount(findings.length)} shown</span>
        )}
      </h3>
      {findings.length === 0 ? (
        <p className={classes.nothing}>
          Nothing odd{of === undefined ? '' : ` with ${of}`}: births, deaths and sequence numbers fit.
        </p>
      ) : (
        <ul className={classes.findingsList}>
          {findings.map(({ id, at, sequence, where, text }) => (
            <li key={id}>
              <button
                type="button"
                className={classes.finding}
                title="Show the message"
                onClick={() => attempt(() => show(sessionId, sequence))}
              >
                <TriangleAlert size={14} strokeWidth={1.75} aria-hidden className={classes.warn} />
                <span className={classes.findingText}>{text}</span>
                <time className={classes.time}>{formatTime(at)}</time>
                {where !== of && (
                  <span className={classes.where} title={where}>
                    {where}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function show(sessionId: string, sequence: number): Promise<void> {
  const { topic, topicId } = await engineClient().session(sessionId, 'message.get', { sequence });
  selectMessage(sessionId, topic, topicId, sequence);
}
