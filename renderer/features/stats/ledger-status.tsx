import { Popover } from '@mantine/core';
import { Sigma } from 'lucide-react';
import { memo, useState } from 'react';
import { formatBytes, formatCount } from '#app/base/format.ts';
import type { Ledger } from '#app/contract/session-state.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './ledger-status.module.css';
import { ledgerTerms } from './ledger-terms.ts';

/** Where every received message is, so that it visibly adds up; a table with words opens beside it. */
export function LedgerStatus({ ledger }: { readonly ledger: Ledger }) {
  const terms = ledgerTerms(ledger);
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={classes.ledger}>
      <div role="status" aria-live="off" aria-label="Ledger" className={classes.equation}>
        <span>
          <b>{formatCount(ledger.received)}</b> received{' '}
        </span>
        {terms.map(({ name, value }, index) => (
          <span key={name} data-quiet={value === 0 || undefined} data-name={name}>
            {index === 0 ? '= ' : '+ '}
            <b>{formatCount(value)}</b> {name}{' '}
          </span>
        ))}
        <span className={classes.apart}>
          <b>{formatCount(ledger.published)}</b> published{' '}
        </span>
        <span className={classes.apart}>
          {formatBytes(ledger.bytes)} of {formatBytes(ledger.budget)}
        </span>
      </div>
      <LedgerDetails ledger={isOpen ? ledger : undefined} onOpen={setOpen} />
    </div>
  );
}

interface LedgerDetailsProps {
  /** While the table is open; a closed one is not drawn again with every count. */
  readonly ledger: Ledger | undefined;
  readonly onOpen: (isOpen: boolean) => void;
}

const LedgerDetails = memo(function LedgerDetails({ ledger, onOpen }: LedgerDetailsProps) {
  const isOpen = ledger !== undefined;
  return (
    <Popover opened={isOpen} onChange={onOpen} position="top-end" width={420} withinPortal>
      <Popover.Target>
        <IconButton compact icon={Sigma} label="Where every message is" onClick={() => onOpen(!isOpen)} />
      </Popover.Target>
      <Popover.Dropdown>{ledger !== undefined && <LedgerTable ledger={ledger} />}</Popover.Dropdown>
    </Popover>
  );
});

function LedgerTable({ ledger }: { readonly ledger: Ledger }) {
  const terms = ledgerTerms(ledger);
  const share = ledger.budget === 0 ? 0 : Math.min(100, (ledger.bytes / ledger.budget) * 100);
  return (
    <div className={classes.details}>
      <table className={classes.table}>
        <caption className={classes.caption}>Every message that came in is in one of these</caption>
        <tbody>
          {terms.map(({ name, value, meaning }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={classes.number}>{formatCount(value)}</td>
              <td className={classes.meaning}>{meaning}</td>
            </tr>
          ))}
          <tr className={classes.sum}>
            <th scope="row">received</th>
            <td className={classes.number}>{formatCount(ledger.received)}</td>
            <td className={classes.meaning}>from the broker since this tab was opened</td>
          </tr>
          <tr>
            <th scope="row">published</th>
            <td className={classes.number}>{formatCount(ledger.published)}</td>
            <td className={classes.meaning}>by you, counted apart</td>
          </tr>
        </tbody>
      </table>
      <div className={classes.memory}>
        <span>Memory</span>
        <span className={classes.meter} aria-hidden>
          <span style={{ width: `${share}%` }} />
        </span>
        <span className="tabular">
          {formatBytes(ledger.bytes)} of {formatBytes(ledger.budget)}
        </span>
      </div>
    </div>
  );
}
