/** The environment of a function, parsed with all problems at once, each with its variable. */
import type { z } from 'zod';
import { CommandError } from '../../sql/db/errors';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `variables`: name by field of the shape. `more`: problems that the shape cannot see.
 *
 * @throws {CommandError} `settings-invalid`, with one line per problem
 */
export function parseEnvironment<Shape extends z.ZodType>(
  environment: Environment,
  variables: Readonly<Record<string, string>>,
  shape: Shape,
  contract: string,
  more: readonly string[] = [],
): z.output<Shape> {
  const named = Object.fromEntries(
    // A template that leaves a value empty means that there is none.
    Object.entries(variables).map(([field, variable]) => [field, environment[variable] || undefined]),
  );
  const parsed = shape.safeParse(named);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map(({ path: [field], message }) => `${variables[String(field)]}: ${message}`);
  const problems = [...wrong, ...more];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new CommandError(
    'settings-invalid',
    `the function's environment is wrong:\n${problems.join('\n')}`,
    `Correct the variables; ${contract} describes them.`,
  );
}
