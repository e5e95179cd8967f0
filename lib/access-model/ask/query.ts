/** One question as somebody wrote it, and as the model understands it. */
import { z } from 'zod';
import type { Principal, Target } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import { nearest } from '../names/nearest';
import { contextOf } from '../policy/context';
import { Problem } from '../problem';
import type { Question } from '../questions/model';

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** `allowed`, `deny`, `implicitDeny`, `Explicitly denied` ...: what evaluators call it. */
const word = z
  .string()
  .regex(
    /^\s*(allow(ed)?|((implicit|explicit)(ly)?[ _-]?)?den(y|ied))\s*$/i,
    'is neither "allowed" nor "denied"',
  );
/** True: ask for it. A word: ask, and compare. */
const wish = z.union([z.boolean(), word]);

const shape = z
  .object({
    /** Name, ARN, ARN of a session, logical id, `Stack.LogicalId`, or path of the construct. */
    principal: z.string().min(1),
    /** `service:Action`. */
    action: z
      .string()
      .regex(/^[a-zA-Z0-9-]+:[a-zA-Z0-9]+$/, 'is no action: service:Action, as in s3:GetObject'),
    /** ARN, `*`, logical id, `Stack.LogicalId`, path or name; of a bucket also with `/key`. */
    resource: z.string().min(1).default('*'),
    context: z.record(z.string(), z.union([value, z.array(value)])).default({}),
    effective: wish.optional(),
    floor: wish.optional(),
    expected: word.optional(),
  })
  .loose();

export type Query = z.infer<typeof shape>;

/** JSON lines: one object a line; empty lines and those that begin with # are left out. @throws {Problem} at the first bad one */
export function parseQueries(text: string, source: string): Query[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), place: `${source}, line ${i + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, place }) => parseQuery(parseJson(line, place), place));
}

export function parseQuery(raw: unknown, place: string): Query {
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the line'}: ${message}`,
  );
  throw new Problem(`${place}: ${problems.join('; ')}`);
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Problem(
      `${place}: is no JSON object: {"principal": "...", "action": "s3:GetObject", "resource": "arn:..."}`,
    );
  }
}

/** @throws {Problem} when nobody, or nothing, or more than one is meant */
export function questionOf(
  { model, estate }: Analysis,
  { principal, action, resource, context }: Query,
): Question {
  const found = model.find(principal);
  const meant = [found, bySession(estate.principals, principal), bySuffix(estate.principals, principal)];
  const [first, second] = meant.find((each) => each.length > 0) ?? [];
  if (!first) {
    const near = nearest(
      principal,
      estate.principals.map(({ name }) => name),
    );
    throw new Problem(
      `there is no principal "${principal}" in this assembly${near ? `; did you mean "${near}"?` : ''}`,
    );
  }
  if (second) {
    throw new Problem(
      `"${principal}" is more than one principal: ${nameOf(first)} and ${nameOf(second)}; give one of these`,
    );
  }
  return {
    principal: first,
    action,
    resource: resourceOf(estate.targets, resource),
    context: contextOf(context),
  };
}

const nameOf = ({ id, caller }: Principal): string => id ?? caller.arn;

/** The ARN of a session says the role's name, and leaves out its path. */
function bySession(principals: readonly Principal[], name: string): readonly Principal[] {
  const [, account, role] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(name) ?? [];
  return principals.filter(
    ({ caller }) => caller.account === account && caller.arn.split('/').at(-1) === role,
  );
}

/** `backend-task` for `tz-prod-backend-task`: what all names begin with is left out in speech. One that fits several fits none. */
function bySuffix(principals: readonly Principal[], name: string): readonly Principal[] {
  const wanted = `-${name.toLowerCase()}`;
  // Whole words, of principals that templates make: a slip of the pen shall not become an administrator.
  const made = principals.filter(({ id }) => id !== undefined);
  const fitting = made.filter((each) => each.name.toLowerCase().endsWith(wanted));
  return fitting.length === 1 ? fitting : [];
}

/** From what people write to an ARN. */
function resourceOf(targets: readonly Target[], name: string): string {
  if (name === '*' || name.startsWith('arn:') || /^[*?]/.test(name)) return name;
  const found = targets.filter((target) => namesOf(target).includes(name));
  const [first, second] = found;
  if (first && !second) return first.arn;
  if (first && second) {
    throw new Problem(
      `"${name}" is more than one resource: ${first.id} and ${second.id}; give Stack.LogicalId or the ARN`,
    );
  }
  // An object of a bucket, a stream of a log group: the resource, and what follows.
  const [, head = '', tail = ''] = /^([^/:]+(?:\.[^/:]+)?)([/:].*)$/.exec(name) ?? [];
  const within = targets.filter((target) => head !== '' && namesOf(target).includes(head));
  if (within.length === 1) return `${within[0]?.arn.replace(/:\*$/, '')}${tail}`;
  const near = nearest(name, targets.flatMap(namesOf));
  throw new Problem(
    `there is no resource "${name}" in this assembly${near ? `; did you mean "${near}"?` : ''}: give an ARN, or a logical id`,
  );
}

/** Logical ids of the CDK end in eight characters of a hash, which nobody types. */
function namesOf({ id, logicalId, name, path = '', stack }: Target): string[] {
  const short = logicalId.replace(/[0-9A-F]{8}$/, '');
  return [id, logicalId, `${stack.name}.${logicalId}`, name, path, short, `${stack.id}.${short}`];
}
