/** The answer to a question: decisions, what decided, and how it is reached round a refusal. */
import type { Decision, Decisive, Layer } from '../evaluate/decision';
import type { Analysis } from '../matrix/analysis';
import type { Vocabulary } from '../names/vocabulary';
import type { Question } from '../questions/model';
import { possible } from '../questions/witness';
import type { Path } from '../reach/graph';
import { type Query, questionOf } from './query';

export type Verdict = 'allowed' | 'denied';

export interface Answer {
  /** As it was asked, so that answers can be told apart. */
  readonly query: Query;
  readonly question: Question;
  /** Of `effective`; of `floor`, if only that was asked for. */
  readonly decision: Verdict;
  readonly effective: Decision;
  readonly floor: Decision;
  /** Of a denial: keys under which it would be allowed. */
  readonly allowedWith: Readonly<Record<string, readonly string[]>> | undefined;
  /** Of a denial: the shortest path to somebody who may. Undefined: there is none. */
  readonly path: Path | undefined;
  /** Undefined: nothing was expected. */
  readonly asExpected: boolean | undefined;
  /** Of the question itself: an action that AWS does not have, one that knows no resources. */
  readonly notes: readonly string[];
}

export function answer(analysis: Analysis, query: Query, vocabulary: Vocabulary): Answer {
  const asked = questionOf(analysis, query);
  const { question, notes } = fitting(asked, vocabulary);
  const { model } = analysis;
  const effective = model.decide(question);
  const floor = model.decide({ ...question, floor: true });
  const decision = verdict(onlyFloor(query) ? floor : effective);
  return {
    query,
    question,
    decision,
    effective,
    floor,
    allowedWith: effective.allowed ? undefined : keysThatAllow(analysis, question),
    path: effective.allowed ? undefined : pathTo(analysis, question),
    asExpected: asExpected(query, effective, floor),
    notes,
  };
}

export const verdict = ({ allowed }: Decision): Verdict => (allowed ? 'allowed' : 'denied');

const onlyFloor = ({ effective, floor }: Query): boolean => isWanted(floor) && !isWanted(effective);
const isWanted = (wish: Query['floor']): boolean => wish !== undefined && wish !== false;

/** Of an action that AWS limits to no resource, the policies are asked about `*`, whatever was named. */
function fitting(question: Question, vocabulary: Vocabulary): { question: Question; notes: string[] } {
  const { action, resource } = question;
  const service = action.split(':')[0]?.toLowerCase() ?? '';
  if (!vocabulary.knowsService(service))
    return { question, notes: [`AWS has no service ${service} that the model knows`] };
  const facts = vocabulary.action(action);
  if (!facts) return { question, notes: [`AWS has no action ${action} that the model knows`] };
  if (!facts.wildcardOnly || resource === '*') return { question, notes: [] };
  return {
    question: { ...question, resource: '*' },
    notes: [`${facts.name} knows no resources: asked about *`],
  };
}

function keysThatAllow({ model }: Analysis, question: Question): Answer['allowedWith'] {
  const { possible: can, context } = possible(model, question);
  return can === 'yes' && context.size > 0
    ? Object.fromEntries([...context].filter(([, values]) => values.length > 0))
    : undefined;
}

function pathTo({ model, graph }: Analysis, question: Question): Path | undefined {
  for (const [principal, path] of graph.reach(question.principal)) {
    // Whoever gets there chooses the keys of the request.
    if (possible(model, { ...question, principal }).possible !== 'no') return path;
  }
  return undefined;
}

function asExpected(
  { effective, floor, expected }: Query,
  ofEffective: Decision,
  ofFloor: Decision,
): boolean | undefined {
  const wishes: [unknown, Decision][] = [
    [effective, ofEffective],
    [floor, ofFloor],
    [expected, onlyFloor({ effective, floor } as Query) ? ofFloor : ofEffective],
  ];
  const compared = wishes
    .filter(([wish]) => typeof wish === 'string')
    .map(([wish, { allowed }]) => /^\s*allow/i.test(String(wish)) === allowed);
  return compared.length === 0 ? undefined : compared.every(Boolean);
}

/** One JSON object, for machines: the query as it was, and the answer. */
export function answerLine({
  query,
  question,
  decision,
  effective,
  floor,
  allowedWith,
  path,
  asExpected: met,
  notes,
}: Answer): object {
  return {
    ...query,
    principal: question.principal.name,
    principalArn: question.principal.caller.arn,
    resource: question.resource,
    decision,
    effective: verdict(effective),
    floor: verdict(floor),
    layer: layerOf(effective),
    explicit: effective.explicit,
    statements: effective.statements.map(statementLine),
    floorLayer: layerOf(floor),
    floorStatements: floor.statements.map(statementLine),
    ...(effective.doubts.length > 0 ? { uncertain: effective.doubts.map(statementLine) } : {}),
    ...(allowedWith ? { allowedWith } : {}),
    ...(path
      ? {
          path: path.map(({ to, technique, steps }) => ({
            to: to.name,
            technique: technique.id,
            actions: [...new Set(steps.map(({ action }) => action))],
          })),
        }
      : {}),
    ...(met === undefined ? {} : { asExpected: met }),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const layerOf = ({ layer }: Decision): Layer => layer;
const statementLine = ({ layer, policy, statement, effect }: Decisive) => ({
  layer,
  policy,
  statement,
  effect,
});
