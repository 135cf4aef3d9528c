import { expect, test } from 'vitest';
import { shownMessage } from './view-source.ts';

test('what is shown is meant, not the newer message that is still being decoded', () => {
  const details = { sequence: 8, size: 20 };
  expect(shownMessage(details, { sequence: 7, view: { size: 3 } })).toEqual({ sequence: 7, size: 3 });
  expect(shownMessage(details, undefined)).toEqual(details);
});
