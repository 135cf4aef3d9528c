import type { JobWork, RowsWork } from '#app/automation/job.ts';
import { type PlannedMessage, planRepeat, planSequence } from '#app/automation/plan.ts';
import { columnVariables, rowMessage } from '#app/automation/row.ts';
import { RowClock } from '#app/automation/row-clock.ts';
import type { Variables } from '#app/profile/variables.ts';
import { readRows } from './row-reader.ts';

/** A message that is due at a time, with what else it is filled in with. */
export interface DueMessage extends PlannedMessage {
  readonly variables?: Variables;
  /** Of the row that it was made of. */
  readonly line?: number;
}

/** A line of a file that no message could be made of. */
export interface RowProblem {
  readonly line: number;
  readonly problem: string;
}

/** A row that is passed over. It is part of a plan, so that whoever follows the plan can stop, or let others work. */
export interface PassedRow extends RowProblem {
  /** An earlier round had it too. */
  readonly isKnown: boolean;
}

/** When what of a job is due, and which rows are not. `bytes`: of a job of rows its file. */
export function planOf(
  work: JobWork,
  bytes: Uint8Array | undefined,
): Iterable<DueMessage> | AsyncIterable<DueMessage | PassedRow> {
  switch (work.kind) {
    case 'repeat':
      return planRepeat(work, Math.random);
    case 'sequence':
      return planSequence(work);
    case 'rows':
      return planRows(work, bytes ?? new Uint8Array());
  }
}

async function* planRows(
  work: RowsWork,
  bytes: Uint8Array,
): AsyncGenerator<DueMessage | PassedRow, undefined> {
  const { timing } = work;
  const clock = new RowClock(timing.kind === 'rows' ? timing.speed : 1);
  let index = 0;
  for (let round = 0; round < (work.rounds ?? 1); round += 1) {
    const before = index;
    for await (const row of readRows(bytes, work.format)) {
      const made = 'problem' in row ? row : rowMessage(work, row);
      if (made.problem !== undefined || 'problem' in row) {
        yield { line: row.line, problem: made.problem ?? '', isKnown: round > 0 };
        continue;
      }
      const at = timing.kind === 'interval' ? index * timing.interval : clock.next(made);
      index += 1;
      yield { at, message: made.message, variables: columnVariables(row.values), line: row.line };
    }
    if (index === before) {
      return undefined;
    }
    clock.again();
  }
  return undefined;
}
