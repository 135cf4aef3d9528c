import { Checkbox, NativeSelect } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { ImportItem } from '#app/contract/operations/transfer.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { type ImportChoices, type ImportMode, modeOf, reportSummary } from './import-choices.ts';
import classes from './transfer.module.css';

interface ImportTableProps {
  readonly items: readonly ImportItem[];
  readonly choices: ImportChoices;
  onChoices(choices: ImportChoices): void;
}

/** All connections that were found, with what is taken of each and what becomes of those that are there already. */
export function ImportTable({ items, choices, onChoices }: ImportTableProps) {
  const usable = items.filter(({ problem }) => problem === undefined);
  const count = usable.filter((item) => modeOf(item, choices) !== 'skip').length;
  const choose = (item: ImportItem, mode: ImportMode) =>
    onChoices(new Map([...choices, [item.itemId, mode]]));
  return (
    <div className={classes.tableBox}>
      <table className={classes.table} aria-label="Connections to import">
        <thead>
          <tr>
            <th>
              <Checkbox
                aria-label="All connections"
                checked={usable.length > 0 && count === usable.length}
                indeterminate={count > 0 && count < usable.length}
                disabled={usable.length === 0}
                onChange={(event) => {
                  const mode = event.currentTarget.checked ? 'add' : 'skip';
                  onChoices(new Map(usable.map(({ itemId }) => [itemId, mode] as const)));
                }}
              />
            </th>
            <th>Connection</th>
            <th>Report</th>
            <th>Already here</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <ImportRow
              key={item.itemId}
              item={item}
              mode={modeOf(item, choices)}
              onMode={(mode) => choose(item, mode)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ImportRowProps {
  readonly item: ImportItem;
  readonly mode: ImportMode;
  onMode(mode: ImportMode): void;
}

function ImportRow({ item, mode, onMode }: ImportRowProps) {
  const { existing, name, newName, problem, warnings } = item;
  return (
    <tr data-off={mode === 'skip' || undefined}>
      <td>
        <Checkbox
          aria-label={`Import ${name}`}
          checked={mode !== 'skip'}
          disabled={problem !== undefined}
          onChange={(event) => onMode(event.currentTarget.checked ? 'add' : 'skip')}
        />
      </td>
      <td>
        <div className={classes.itemName}>
          {item.group !== '' && <span className={classes.group}>{visibleText(item.group)} / </span>}
          {visibleText(mode === 'add' ? newName : name)}
        </div>
        <div className={classes.endpoint}>{visibleText(item.endpoint)}</div>
      </td>
      <td>
        {problem === undefined ? (
          <Report item={item} />
        ) : (
          <p className={classes.problem}>{visibleText(problem)}</p>
        )}
        {warnings.map((warning) => (
          <p key={warning} className={classes.warning}>
            <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />
            {visibleText(warning)}
          </p>
        ))}
      </td>
      <td>
        {existing === undefined || problem !== undefined ? (
          <span className={classes.quiet}>{problem === undefined ? 'no' : ''}</span>
        ) : (
          <>
            <NativeSelect
              aria-label={`What to do with ${name}`}
              value={mode}
              data={[
                { value: 'add', label: 'Keep both' },
                { value: 'replace', label: 'Replace' },
                { value: 'skip', label: 'Skip' },
              ]}
              onChange={(event) => {
                const { value } = event.currentTarget;
                onMode(value === 'replace' || value === 'skip' ? value : 'add');
              }}
            />
            <p className={classes.quiet}>
              {existing.isSame
                ? 'The same settings are here; passwords are not compared.'
                : mode === 'replace'
                  ? `“${visibleText(existing.name)}” goes, with its secrets. Undo brings it back.`
                  : `“${visibleText(existing.name)}”`}
            </p>
          </>
        )}
      </td>
    </tr>
  );
}

/** The report as two lists; open where something was left behind. */
function Report({ item }: { readonly item: ImportItem }) {
  return (
    <details className={classes.report} open={item.notTaken.length > 0}>
      <summary>{reportSummary(item)}</summary>
      <p className={classes.taken}>{visibleText(item.taken.join(', '))}</p>
      {item.notTaken.length > 0 && (
        <ul>
          {item.notTaken.map(({ what, why }) => (
            <li key={`${what} ${why}`}>
              <span className={classes.what}>{visibleText(what)}</span>: {visibleText(why)}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
