/**
 * Mutation testing of the policies of an estate: each policy gets each fault, and some check should notice.
 *
 * All checks ask the same questions again and again, so those of the base run are remembered; of a mutant only those are asked
 * anew that the changed statement has a say in. Where all answers are as before, no check that lives of answers can notice.
 */
import { type Asked, answerOf, Holder } from '../capabilities/hold';
import type { Estate } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import type { Vocabulary } from '../names/vocabulary';
import { type Policy, parsePolicy } from '../policy/document';
import { Problem } from '../problem';
import type { Check } from '../promises/check';
import { Model } from '../questions/model';
import { Graph } from '../reach/graph';
import { equivalenceOf } from './equivalence';
import { type Changed, Influence } from './influence';
import type { Mutant } from './mutant';
import { mutantsOfPolicy } from './mutants';
import { type PlacedPolicy, policiesOf } from './policies';
import { Prober } from './probes';
import type { MutationReport, Outcome, Result } from './report';
import { isSameAnswer } from './same';
import { policiesThatShape, type Shape, shapeOf } from './shape';
import { withPolicy } from './with-policy';

export interface MutateOptions {
  readonly vocabulary: Vocabulary;
  /** Ids of checks that look into policies themselves: they are run on every mutant, whatever is answered. */
  readonly everyTime?: readonly string[];
  readonly only?: (mutant: Mutant) => boolean;
  readonly progress?: (done: number, of: number) => void;
}

/** @throws {Problem} where a check fails before anything is changed */
export function mutate(
  analysis: Analysis,
  checks: readonly Check[],
  { vocabulary, everyTime = [], only = () => true, progress }: MutateOptions,
): MutationReport {
  const broken = checks.filter((check) => check.run(analysis).length > 0);
  if (broken.length > 0) {
    const ids = broken.map(({ id }) => id).join(', ');
    throw new Problem(`Nothing can be said of mutants while checks fail without one, mend first: ${ids}`);
  }
  const base = baseOf(analysis);
  const prober = new Prober(analysis.estate, vocabulary);
  const always = checks.filter(({ id }) => everyTime.includes(id));
  const work = policiesOf(analysis.estate).flatMap((placed) =>
    mutantsOfPolicy(placed)
      .filter(only)
      .map((mutant) => ({ placed, mutant })),
  );
  const results = work.map(({ placed, mutant }, i): Result => {
    const tried = tryOut(base, placed, mutant);
    const noticing = noticedBy(tried.isOther ? checks : always, tried.analysis);
    const outcome: Outcome =
      noticing.length > 0
        ? { outcome: 'noticed', by: noticing }
        : equivalenceOf({
            placed,
            mutant,
            changed: tried.changed,
            base: analysis.model,
            mutated: tried.analysis.model,
            prober,
            vocabulary,
          });
    progress?.(i + 1, work.length);
    const { document: _, ...head } = mutant;
    return { mutant: head, outcome };
  });
  return { checks: checks.map(({ id }) => id), results };
}

export interface Base {
  readonly analysis: Analysis;
  /** What was asked up to now: the base may be asked more by a check that compares with it. */
  readonly holder: Holder;
  readonly influence: Influence;
  readonly shape: Shape;
  readonly shapedBy: ReadonlySet<string>;
}

/** After the checks have asked what they ask. */
export function baseOf(analysis: Analysis): Base {
  const holder = analysis.holder.copy();
  return {
    analysis,
    holder,
    influence: new Influence(analysis.model, holder),
    shape: shapeOf(analysis.estate),
    shapedBy: policiesThatShape(analysis.estate),
  };
}

export interface Tried {
  readonly analysis: Analysis;
  readonly changed: Changed;
  /** Something is asked or answered otherwise. */
  readonly isOther: boolean;
}

export function tryOut(base: Base, { policy, within }: PlacedPolicy, mutant: Mutant): Tried {
  const estate = withPolicy(base.analysis.estate, mutant.policy, mutant.document);
  const model = new Model(estate);
  const changed = changedBy(policy, mutant);
  const answers = changedAnswers(model, estate, base.influence.of(within, changed));
  const holder = new Holder(model, { holder: base.holder, changed: answers });
  const isShaping = [...within].some((id) => base.shapedBy.has(id));
  const { capabilities, text } = isShaping ? shapeOf(estate) : base.shape;
  const isOther = answers.size > 0 || text !== base.shape.text;
  return { analysis: lazily({ estate, model, capabilities, holder }), changed, isOther };
}

function changedBy({ id, statements }: Policy, { document, place, kind }: Mutant): Changed {
  const before = statements[place];
  if (!before) throw new Error(`${id} has no statement ${place}`);
  const after = kind === 'drop-statement' ? undefined : parsePolicy(id, document).statements[place];
  return { before, after };
}

function changedAnswers(
  model: Model,
  { principals }: Estate,
  questions: ReturnType<Influence['of']>,
): Map<string, Asked> {
  const changed = new Map<string, Asked>();
  const byName = new Map(principals.map((each) => [each.name, each]));
  for (const { id, principal, step, floor, exactly, answer: was } of questions) {
    // Those that no template makes, and that only checks ask for, are the same as before.
    const question = { principal: byName.get(principal.name) ?? principal, step, floor, exactly };
    const answer = answerOf(model, question);
    if (!isSameAnswer(was, answer)) changed.set(id, { ...question, answer });
  }
  return changed;
}

/** Many mutants are noticed by nobody who asks for paths: the graph is made for those who do. */
function lazily(parts: Omit<Analysis, 'graph'>): Analysis {
  let graph: Graph | undefined;
  return {
    ...parts,
    get graph() {
      graph ??= new Graph(parts.holder);
      return graph;
    },
  };
}

/** A check that can make nothing of a mutant notices it too. */
export function noticedBy(checks: readonly Check[], analysis: Analysis): string[] {
  return checks
    .filter((check) => {
      try {
        return check.run(analysis).length > 0;
      } catch (error) {
        if (error instanceof Problem) return true;
        throw error;
      }
    })
    .map(({ id }) => id);
}
