import { answerProposal } from '../../../sql/discovery';
import { registryOf } from '../../support/engine';

const PROPOSAL = `
organizations: { table: public.organizations, id: id, sensitive: managed }
roles:
  app: { sees: current-organization }
tables:
  public.a: { organization: organization_id } # foreign key
undecided:
  public.b:
    because: two ways up
  public.c:
    because: none
`;

test('an answer moves a table out of undecided; what nobody answered stays a gap', () => {
  const { yaml, undecided } = answerProposal(
    PROPOSAL,
    `tables: { public.b: { via: a_id } }\nreplaces: ['x']`,
  );
  const registry = registryOf(yaml);
  expect(undecided).toEqual(['public.c']);
  expect(registry.tables.map((entry) => entry.table.name)).toEqual(['a', 'b']);
  expect(registry.undecided.map((entry) => entry.table.name)).toEqual(['c']);
  expect(registry.organizations.replaces).toEqual(['x']);
  expect(yaml).toContain('# foreign key');
});

test('an answer may overrule what was proposed', () => {
  const { yaml } = answerProposal(
    PROPOSAL,
    'excluded: { public.a: { reason: r, owner: o, until: 2027-01-01 } }',
  );
  const registry = registryOf(yaml);
  expect(registry.tables).toEqual([]);
  expect(registry.excluded.map((entry) => entry.table.name)).toEqual(['a']);
});

test('with every answer given, nothing is undecided', () => {
  const { yaml } = answerProposal(PROPOSAL, 'tables: { public.b: { via: a_id }, public.c: { via: a_id } }');
  expect(yaml).not.toContain('undecided');
});

test.each([
  ['an answer to what nobody asked', 'excluded: { public.gone: { reason: r } }', 'answer-unasked'],
  ['broken YAML', 'tables: { a', 'answers-invalid'],
  ['something else than a map', '- a', 'answers-invalid'],
])('%s is one error', (...[, answers, code]: [string, string, string]) => {
  expect(() => answerProposal(PROPOSAL, answers)).toThrow(expect.objectContaining({ code }));
});
