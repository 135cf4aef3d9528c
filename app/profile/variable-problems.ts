import { type ProfileProblem, profileProblems, type SecretsPresent, tabOfField } from './problems.ts';
import type { Profile } from './profile.ts';
import { type Environment, missingVariableText, resolveProfile, variablesOf } from './variables.ts';

/**
 * All that keeps a profile from connecting with its variables filled in: those that are missing first, then what
 * {@link profileProblems} finds in the result. `environment` is the profile's; absent: none, or one that is gone.
 */
export function profileProblemsIn(
  profile: Profile,
  environment: Environment | undefined,
  secrets: SecretsPresent,
): readonly ProfileProblem[] {
  const { profile: resolved, missing } = resolveProfile(profile, variablesOf(environment));
  const problems = missing.map(({ field, name }) => ({
    field,
    tab: tabOfField(field),
    message: missingVariableText(name, environment),
  }));
  const lacking = new Set(problems.map(({ field }) => field));
  return [...problems, ...profileProblems(resolved, secrets).filter(({ field }) => !lacking.has(field))];
}
