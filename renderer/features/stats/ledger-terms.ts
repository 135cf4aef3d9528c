import type { Ledger } from '#app/contract/session-state.ts';

/** One term of `received = kept + evicted + cleared + failed`. */
export interface LedgerTerm {
  readonly name: 'kept' | 'evicted' | 'cleared' | 'failed';
  readonly value: number;
  readonly meaning: string;
}

/** The terms in the order of the equation; their values add up to `received`. */
export function ledgerTerms(ledger: Ledger): readonly LedgerTerm[] {
  return [
    { name: 'kept', value: ledger.kept, meaning: 'in memory: shown, searched, saved' },
    { name: 'evicted', value: ledger.evicted, meaning: 'oldest, gone to keep within the memory budget' },
    { name: 'cleared', value: ledger.cleared, meaning: 'by you' },
    { name: 'failed', value: ledger.failed, meaning: 'could not be taken in; see the notices' },
  ];
}
