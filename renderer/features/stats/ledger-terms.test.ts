import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerTerms } from './ledger-terms.ts';

it('shows every term of the equation: what is shown adds up to received', () => {
  const count = fc.nat();
  fc.assert(
    fc.property(count, count, count, count, (kept, evicted, cleared, failed) => {
      const received = kept + evicted + cleared + failed;
      const terms = ledgerTerms({
        received,
        kept,
        evicted,
        cleared,
        failed,
        published: 7,
        bytes: 1,
        budget: 2,
      });
      expect(terms.reduce((sum, { value }) => sum + value, 0)).toBe(received);
    }),
  );
});
