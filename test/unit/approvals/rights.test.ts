/** Who may what, written down a second time: every persona and every operation. */
import { CALLERS, OPERATIONS, type Operation } from '../../../lambda/approvals/protocol';
import { RIGHTS, SERVICES, scopeOf } from '../../../lambda/approvals/rights';

/** `o`: their own; `a`: everybody's; `-`: not at all. Columns: ProdEngineer, BreakGlassAdmin, SensitiveApprover. */
const TABLE: Readonly<Record<Operation, string>> = {
  preview: 'oo-',
  request: 'oo-',
  approve: '--a',
  deny: '--a',
  revoke: 'ooa',
  list: 'ooa',
  show: 'ooa',
  'break-glass': '-o-',
  review: '--a',
  'approver-add': '--a',
  'approver-confirm': '--a',
  'approver-remove': '--a',
  'approver-list': '--a',
  ticket: 'oo-',
  'shell-opened': 'oo-',
  shells: 'ooa',
  'shell-close': 'ooa',
  visibility: 'oo-',
};

const CELLS = OPERATIONS.flatMap((operation) =>
  CALLERS.map((persona, column) => ({ persona, operation, cell: TABLE[operation][column] })),
);

test.each(CELLS)('$persona, $operation: $cell', ({ persona, operation, cell }) => {
  expect(scopeOf(persona, operation)).toBe({ o: 'own', a: 'all', '-': undefined }[cell as 'o']);
});

test('the table has every operation, and no other', () => {
  expect(Object.keys(RIGHTS).sort()).toEqual([...OPERATIONS].sort());
  expect(CELLS).toHaveLength(18 * 3);
});

test('only who breaks the glass opens a shell of the backend, and approvers open none', () => {
  expect(SERVICES).toEqual({
    ProdEngineer: ['support-shell'],
    BreakGlassAdmin: ['support-shell', 'backend'],
    SensitiveApprover: [],
  });
});

test('nobody both asks and approves', () => {
  for (const persona of CALLERS) {
    const both = scopeOf(persona, 'request') !== undefined && scopeOf(persona, 'approve') !== undefined;
    expect({ persona, both }).toEqual({ persona, both: false });
  }
});
