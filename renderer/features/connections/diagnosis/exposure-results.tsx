import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import type { ExposureReport, ExposureResult } from '#app/contract/operations/diagnosis.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { endpointText } from '#renderer/state/connection-words.ts';
import classes from './diagnosis.module.css';

const verdicts = {
  exposed: { icon: CircleAlert, level: 'error' },
  reachable: { icon: TriangleAlert, level: 'warn' },
  closed: { icon: CircleCheck, level: 'ok' },
  unknown: { icon: TriangleAlert, level: 'warn' },
} as const;

const levels: Readonly<Record<ExposureResult['outcome'], 'ok' | 'warn' | 'error' | undefined>> = {
  closed: 'ok',
  notMqtt: 'ok',
  tlsOnly: 'ok',
  refused: 'ok',
  needsPassword: 'warn',
  open: 'warn',
  readable: 'error',
  notTried: undefined,
};

const logins: Readonly<Record<ExposureResult['login'], string>> = {
  anonymous: 'as anybody',
  credentials: 'with the password',
};

/** The verdict, and for each listener and login one sentence of what it gave away. */
export function ExposureResults({ report }: { readonly report: ExposureReport }) {
  const { icon: Icon, level } = verdicts[report.verdict];
  return (
    <>
      <p role="status" className={classes.outcome} data-level={level}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <b>{visibleText(report.summary)}</b>
      </p>
      <ul className={classes.results} aria-label="Results">
        {report.results.map((result) => (
          <li
            key={`${result.protocol} ${result.port} ${result.login}`}
            className={classes.result}
            data-level={levels[result.outcome]}
          >
            <h3>
              <span className={classes.code}>
                {visibleText(endpointText({ ...result, host: report.host }))}
              </span>
              , {logins[result.login]}
            </h3>
            <p>{visibleText(result.sentence)}</p>
            <Seen result={result} />
            {result.detail !== undefined && (
              <details>
                <summary>Details</summary>
                <p className={classes.code}>{visibleText(result.detail)}</p>
              </details>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Seen({ result: { seen, subscriptions } }: { readonly result: ExposureResult }) {
  const granted = subscriptions.filter(({ grantedQos }) => grantedQos !== undefined);
  return (
    <>
      {subscriptions.length > 0 && (
        <p className={classes.quiet}>
          {granted.length} of {formatQuantity(subscriptions.length, 'subscription')} granted.
        </p>
      )}
      {seen !== undefined && seen.messages > 0 && (
        <details>
          <summary>
            {formatQuantity(seen.messages, 'message')}, {formatQuantity(seen.topics, 'topic')},{' '}
            {formatBytes(seen.bytes)}
          </summary>
          <ul className={classes.notes}>
            {seen.sampleTopics.map((topic) => (
              <li key={topic} className={classes.code}>
                {visibleText(topic)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
