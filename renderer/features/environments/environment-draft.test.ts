import { describe, expect, it } from 'vitest';
import { environmentSchema } from '#app/profile/variables.ts';
import {
  draftOfEnvironment,
  environmentOf,
  environmentProblem,
  newEnvironmentDraft,
} from './environment-draft.ts';

const draft = (name: string, ...keys: string[]) => ({
  ...newEnvironmentDraft(),
  name,
  variables: keys.map((key) => ({ key, value: `value of ${key}` })),
});

describe('an environment in the making', () => {
  it('is what the schema takes once it has no problem', () => {
    const good = { ...draft(' North ', ' site ', 'line.no'), id: 'e' };
    expect(environmentProblem(good, ['South'])).toBeUndefined();
    const environment = environmentOf({ ...good, variables: [...good.variables, { key: '', value: '' }] });
    expect(environmentSchema.parse(environment)).toEqual({
      id: 'e',
      name: 'North',
      variables: [
        { name: 'site', value: 'value of  site ' },
        { name: 'line.no', value: 'value of line.no' },
      ],
    });
    expect(environmentOf(draftOfEnvironment(environment))).toEqual(environment);
  });

  it('says which field is wrong', () => {
    expect(environmentProblem(draft(''), [])).toBe('Give the environment a name.');
    expect(environmentProblem(draft('North'), ['North'])).toContain('already');
    expect(environmentProblem(draft('N', '1st'), [])).toContain('“1st” can’t be a name');
    expect(environmentProblem(draft('N', 'a', 'a '), [])).toBe('There are two variables “a”.');
    expect(environmentProblem({ ...draft('N'), variables: [{ key: '', value: 'x' }] }, [])).toBe(
      'The value “x” has no name.',
    );
  });
});
