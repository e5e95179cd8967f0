/** What is promised about an assembly: who may do what at once, what nobody may, by any path, and what holds on the floor. */
import { z } from 'zod';
import { Problem } from '../problem';

const pattern = z.string().min(1);
const patterns = z.array(pattern).min(1);

const row = z.strictObject({
  /** Capabilities, exactly: each is had at once, and no other is. */
  may: z.array(pattern),
  /** Whom it can become, exactly, by any path. Left out: see `reaches`. */
  becomes: z.array(pattern).optional(),
  /** What it may no longer is nothing to worry about. */
  'at-most': z.boolean().default(false),
  /** Not every stage has it. */
  optional: z.boolean().default(false),
});

const refusal = z.strictObject({
  who: patterns,
  /** Capabilities that none of them has. */
  what: patterns,
  /** Of those, the ones that they do have, and why that is right. */
  except: z.array(pattern).optional(),
  /** `at once`: by their own policies. `by any path`: neither after becoming anybody else. */
  how: z.enum(['at once', 'by any path']),
  why: z.string().min(10),
});

const standing = z.strictObject({
  who: patterns,
  /** Capabilities. @default - all that are not in the row */
  what: patterns.optional(),
  /** What holds by a key's policy, by nobody's, or not at all, and has to be accepted. */
  except: z.array(pattern).default([]),
});

const exception = z.strictObject({
  /** `Stack.LogicalId` of the policy, and the statement; patterns. */
  policy: pattern,
  statement: pattern.default('*'),
  why: z.string().min(10),
});

const shape = z.strictObject({
  /** By the name of a principal, or a pattern with `*`. */
  rows: z.record(pattern, row),
  refused: z.array(refusal),
  /** Whose refusals still hold, explicitly, if everything is allowed to them. */
  floor: z.array(standing).min(1),
  /** Who stands under which boundary; patterns of names, and of its ARN. */
  bounded: z.array(z.strictObject({ who: patterns, boundary: pattern })).min(1),
  /** Roles that every administrator of the account may assume as they stand. */
  assumable: z.array(pattern),
  /** Statements of endpoints by which credentials of other accounts may pass. */
  endpoints: z.array(exception),
  /** Statements that let in other accounts. */
  outside: z.array(exception),
  /** Services that may act without saying on whose behalf: everything else names an account or a resource. */
  deputies: z.array(exception),
  /** By which capabilities rows of tenants are seen, and of which classes of tenant. */
  classes: z
    .array(z.strictObject({ what: patterns, rows: z.array(z.enum(['own', 'sensitive', 'ordinary'])).min(1) }))
    .min(1),
});

export type Promises = z.infer<typeof shape>;

/** @throws {Problem} with everything that is wrong, in one line */
export function parsePromises(file: string, content: unknown): Promises {
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new Problem(`${file}: ${problems.join('; ')}`);
}
