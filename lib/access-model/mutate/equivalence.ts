/**
 * Of a mutant that no check noticed: whether there was anything to notice. Requests are asked that the statement is about
 * before and not after, or the other way round; where they are decided as before, something else decides them.
 */
import { applies, meansAction } from '../evaluate/applies';
import type { Decision } from '../evaluate/decision';
import { principalMatch } from '../evaluate/principal';
import type { Vocabulary } from '../names/vocabulary';
import { holds } from '../policy/condition';
import type { Condition, Statement } from '../policy/document';
import type { Model, Question } from '../questions/model';
import type { Changed } from './influence';
import type { Mutant } from './mutant';
import type { PlacedPolicy } from './policies';
import type { Probe, Prober } from './probes';
import type { Outcome } from './report';

export interface Unnoticed {
  readonly placed: PlacedPolicy;
  readonly mutant: Mutant;
  readonly changed: Changed;
  readonly base: Model;
  readonly mutated: Model;
  readonly prober: Prober;
  readonly vocabulary: Vocabulary;
}

/** Of the requests that are decided otherwise, so many are told. */
const MOST_TOLD = 3;

export function equivalenceOf(given: Unnoticed): Outcome {
  const { placed, mutant, changed, base, mutated, prober } = given;
  const probes = [changed.before, changed.after].flatMap((each) =>
    each ? prober.probesOf(each, placed) : [],
  );
  const touched = probes.filter((probe) => {
    const [was, is] = [isAbout(changed.before, probe, given), isAbout(changed.after, probe, given)];
    return was !== is;
  });
  const differs: string[] = [];
  const deciding = new Set<string>();
  const principals = new Map(mutated.estate.principals.map((each) => [each.name, each]));
  for (const { principal, step } of touched) {
    for (const floor of [false, true]) {
      const question: Question = { principal, ...step, floor };
      const after = mutated.decide({
        ...question,
        principal: principals.get(principal.name) ?? principal,
      });
      if (base.decide(question).allowed !== after.allowed) differs.push(inWords(question, after));
      else for (const each of decidersOf(after, mutant)) deciding.add(each);
    }
  }
  if (differs.length > 0) {
    return { outcome: 'not noticed', differs: [...new Set(differs)].slice(0, MOST_TOLD) };
  }
  const equivalent = (why: Extract<Outcome, { outcome: 'equivalent' }>['why']): Outcome => ({
    outcome: 'equivalent',
    why,
  });
  if (touched.length > 0) return equivalent({ reason: 'masked', by: [...deciding].sort() });
  if (probes.some((probe) => isMaskedByItself(probe, given))) {
    const by = `${mutant.policy} / ${mutant.statement}, by what else it says`;
    return equivalent({ reason: 'masked', by: [by] });
  }
  if (mutant.kind === 'widen-action' && meansTheSame(given)) {
    return equivalent({ reason: 'the service has no other action' });
  }
  if (standsAtResource(placed)) {
    if (mutant.kind === 'widen-resource') return equivalent({ reason: 'no other resource' });
    const isAction = mutant.kind === 'drop-denied-action' || mutant.kind === 'widen-action';
    const isAsked = ({ step }: Probe) =>
      means(changed.before, step.action) !== means(changed.after, step.action);
    if (isAction && !probes.some(isAsked)) return equivalent({ reason: 'the action is about no resource' });
  }
  if (isAboutWhoAsks(changed)) return equivalent({ reason: 'nobody here makes such a request' });
  return { outcome: 'not noticed', differs: [] };
}

/** Of all actions that there are; of a service that was not loaded nobody knows. */
function meansTheSame({ changed: { before, after }, vocabulary }: Unnoticed): boolean {
  const services = new Set((after?.actions ?? []).map((each) => each.split(':')[0] ?? ''));
  if (![...services].every((each) => vocabulary.loaded.has(each.toLowerCase()))) return false;
  return [...services]
    .flatMap((each) => vocabulary.actionsLike(`${each}:*`))
    .every((action) => means(before, action) === means(after, action));
}

const means = (statement: Statement | undefined, action: string): boolean =>
  statement !== undefined && meansAction(statement, action);

/** What changed would let this request in, or out; the rest of the statement is not about it. */
function isMaskedByItself(
  { principal, step }: Probe,
  { changed: { before, after }, base }: Unnoticed,
): boolean {
  if (!after || !means(before, step.action) || !means(after, step.action)) return false;
  const was = before.principals && principalMatch(before, principal.caller).certainty;
  const is = after.principals && principalMatch(after, principal.caller).certainty;
  if (was !== is) return true;
  const { context } = base.request({ principal, ...step });
  return otherConditions(before, after).some((each) => holds(each, context, before.variables) === 'no');
}

/** Those of the one that the other does not have. */
function otherConditions(one: Statement, other: Statement): readonly Condition[] {
  const has = new Set(other.conditions.map((each) => JSON.stringify(each)));
  return one.conditions.filter((each) => !has.has(JSON.stringify(each)));
}

/** Everybody whom it concerns was asked: what follows from who asks would have shown. */
function isAboutWhoAsks({ before, after }: Changed): boolean {
  if (!after) return false;
  const changed = [...otherConditions(before, after), ...otherConditions(after, before)];
  return changed.length > 0 && changed.every(({ key }) => key.startsWith('aws:principal'));
}

/** Asked about nothing else, it may say `*` as well. */
const standsAtResource = ({ targets, trusting }: PlacedPolicy): boolean =>
  trusting.length > 0 || targets.some(({ type }) => type !== 'AWS::EC2::VPCEndpoint');

const isOfResource = ({ targets, trusting }: PlacedPolicy): boolean =>
  targets.length > 0 || trusting.length > 0;

function isAbout(
  statement: Statement | undefined,
  { principal, step }: Probe,
  { base, placed }: Unnoticed,
): boolean {
  if (!statement || !meansAction(statement, step.action)) return false;
  if (isOfResource(placed) && principalMatch(statement, principal.caller).certainty === 'no') return false;
  return applies(statement, base.request({ principal, ...step })) !== 'no';
}

/** What decides it, without the statement that is at fault. */
function decidersOf({ allowed, statements, layer, explicit }: Decision, mutant: Mutant): string[] {
  if (!allowed && !explicit) return [`nothing allows it: ${layer}`];
  return statements
    .filter(({ policy, statement }) => policy !== mutant.policy || statement !== mutant.statement)
    .map(({ policy, statement }) => `${policy} / ${statement}`);
}

function inWords({ principal, action, resource, context, floor }: Question, { allowed }: Decision): string {
  const keys = [...(context ?? [])].map(([key, values]) => `${key}=${values.join(',')}`);
  const where = keys.length > 0 ? `${resource} with ${keys.join(' ')}` : resource;
  const may = allowed ? 'may' : 'may no longer';
  return `${principal.name} ${may} ${action} on ${where}${floor ? ', as soon as its own policies allow it' : ''}`;
}
