import { Check, CircleDashed, LoaderCircle, X } from 'lucide-react';
import { formatDuration } from '#app/base/format.ts';
import { stageNames } from '#app/contract/connection-report.ts';
import type { Failure } from '#app/contract/failure.ts';
import type { DialStage, DialStep, PresentedCertificate } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { visibleLines } from '#renderer/ui/visible-lines.ts';
import { CertificateChain } from './certificate-chain.tsx';
import classes from './ladder.module.css';
import { barsOf, type Rung, rungsOf } from './stages.ts';

const icons = { done: Check, running: LoaderCircle, failed: X, ahead: CircleDashed } as const;
const words = { done: 'done', running: 'running', failed: 'failed', ahead: 'not reached' } as const;

interface LadderProps {
  readonly steps: readonly DialStep[];
  /** The whole way; what was not reached is shown as such. */
  readonly expected: readonly DialStage[];
  /** Cause and remedy, told at the failing rung. Leave it out where they stand beside the ladder. */
  readonly failure?: Failure | undefined;
  /** Offers to trust the certificate of the refused server from now on. */
  readonly onTrust?: ((certificate: PresentedCertificate) => void) | undefined;
}

/** The rungs of one attempt to connect with their times, as bars end to end; the failing one with its cause. */
export function Ladder({ steps, expected, failure, onTrust }: LadderProps) {
  const rungs = rungsOf(steps, expected);
  const bars = barsOf(steps);
  return (
    <ol className={classes.ladder} aria-label="Connection ladder">
      {rungs.map((rung, index) => (
        <li key={rung.stage} className={classes.rung} data-outcome={rung.outcome}>
          <RungLine rung={rung} bar={bars[index]} />
          {rung.outcome === 'failed' && failure !== undefined && <Cause failure={failure} />}
          {rung.outcome !== 'ahead' && (rung.certificates?.length ?? 0) > 0 && (
            <div className={classes.below}>
              <CertificateChain
                certificates={rung.certificates ?? []}
                isOpen={rung.outcome === 'failed'}
                onTrust={rung.outcome === 'failed' ? onTrust : undefined}
              />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

interface RungLineProps {
  readonly rung: Rung;
  readonly bar: { readonly start: number; readonly length: number } | undefined;
}

function RungLine({ rung, bar }: RungLineProps) {
  const Icon = icons[rung.outcome];
  return (
    <div className={classes.line}>
      <Icon size={14} strokeWidth={2} aria-hidden className={classes.icon} />
      <span className={classes.name}>{stageNames[rung.stage]}</span>
      <span className="visually-hidden">{words[rung.outcome]}</span>
      <span className={classes.track} aria-hidden>
        {rung.outcome !== 'ahead' && bar !== undefined && (
          <span className={classes.bar} style={{ left: `${bar.start}%`, width: `${bar.length}%` }} />
        )}
      </span>
      <span className={classes.time}>
        {rung.outcome === 'ahead' ? '' : rung.outcome === 'running' ? '…' : formatDuration(rung.duration)}
      </span>
      <span className={classes.note}>
        {rung.outcome === 'ahead' ? 'not reached' : visibleText(rung.note ?? '')}
      </span>
    </div>
  );
}

function Cause({ failure }: { readonly failure: Failure }) {
  return (
    <div role="alert" className={classes.cause}>
      <p className={classes.message}>{visibleText(failure.message)}</p>
      {failure.hint !== undefined && <p>{visibleText(failure.hint)}</p>}
      {failure.detail !== undefined && <pre className={classes.detail}>{visibleLines(failure.detail)}</pre>}
    </div>
  );
}
