import { Fragment } from 'react';
import type { RehearsalFact } from '#app/contract/feeds/will.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './rehearsal.module.css';
import { factNames } from './rehearsal-words.ts';

/** What was set beside what arrived, line by line. */
export function RehearsalFacts({ facts }: { readonly facts: readonly RehearsalFact[] }) {
  return (
    <table className={classes.table} aria-label="The will as it was set, and as it arrived">
      <thead>
        <tr>
          <th scope="col">Will</th>
          <th scope="col">Set</th>
          <th scope="col">Arrived</th>
          <th scope="col">Same</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(({ name, configured, arrived, isSame, note }) => (
          <Fragment key={name}>
            <tr
              data-same={arrived === undefined ? undefined : isSame ? 'yes' : 'no'}
              data-noted={note !== undefined || undefined}
            >
              <th scope="row">{factNames[name]}</th>
              <td>{visibleText(configured)}</td>
              <td>{arrived === undefined ? '—' : visibleText(arrived)}</td>
              <td>{arrived === undefined ? '' : isSame ? '✓ same' : '≠ differs'}</td>
            </tr>
            {note !== undefined && (
              <tr>
                <td colSpan={4} className={classes.factNote}>
                  {visibleText(note)}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
