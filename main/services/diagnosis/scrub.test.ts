import { describe, expect, it } from 'vitest';
import { withoutSecretsIn } from './scrub.ts';

describe('withoutSecretsIn', () => {
  it('takes a secret out of message, hint and detail, as it is and as an address carries it', () => {
    const failure = {
      code: 'connect.refused',
      message: 'The broker says: “open sesame” is wrong.',
      hint: 'Ask for open sesame.',
      detail: 'GET /?key=open%20sesame',
    };
    expect(withoutSecretsIn(failure, ['open sesame'])).toEqual({
      code: 'connect.refused',
      message: 'The broker says: “[removed]” is wrong.',
      hint: 'Ask for [removed].',
      detail: 'GET /?key=[removed]',
    });
  });

  it('adds nothing to a failure that says less', () => {
    expect(withoutSecretsIn({ code: 'a', message: 'b' }, ['secret'])).toEqual({ code: 'a', message: 'b' });
  });
});
