/**
 * What takes more than one place of the file to decide. These checks read the tree and not the parsed shape, so that
 * they also run over a file whose shape is wrong somewhere else.
 */
import { isDay } from './day';
import { nearest } from './nearest';
import { IDENTIFIER_BYTES } from './relation';
import type { Report } from './report';
import { entriesOf, type MapTree, type Tree, textOf, toValue, treeAt } from './tree';
import { DEFAULT_MINUTES, MAXIMUM_MINUTES } from './types';

/** Reports every contradiction within the file. `today` is a day, `YYYY-MM-DD`. */
export function checkContent(root: Tree, today: string, report: Report): void {
  checkRoles(root, report);
  checkReferences(root, report);
  checkApprovals(root, report);
  for (const [name, table] of entriesOf(root, 'tables')) checkBelonging(name, table, report);
  checkExceptions(root, today, report);
}

function checkRoles(root: Tree, report: Report): void {
  const roles = treeAt(root, ['roles']);
  if (roles?.kind === 'map' && roles.entries.size === 0) {
    report.atKey(roles, 'roles is empty', 'add a role: app_backend: { sees: current-organization }');
  }
  const administrators = namesIn(treeAt(root, ['administrators']));
  for (const [name, role] of entriesOf(root, 'roles')) {
    if (/^(public|none|pg_.*)$/.test(name)) {
      report.atKey(role, `${name} cannot be a role: PostgreSQL reserves the name`, 'name a role of your own');
    } else if (Buffer.byteLength(name) > IDENTIFIER_BYTES) {
      const cut = `a role name longer than ${IDENTIFIER_BYTES} bytes, which PostgreSQL would cut`;
      report.atKey(role, `${JSON.stringify(name)} is ${cut}`, 'write the name as the catalog has it');
    }
    if (administrators.has(name)) {
      report.atKey(
        role,
        `${name} cannot be a role and an administrator: what an administrator holds is never a finding`,
        'take it out of administrators',
      );
    }
    const sees = treeAt(role, ['sees']);
    if (sees && textOf(role, 'sees') === 'assigned-organizations' && !treeAt(root, ['assignments'])) {
      // The section may stand in what a syntax error hides; then its absence says nothing.
      if (!report.isSound(root)) continue;
      report.atValue(
        sees,
        `${name} sees assigned organizations, but nothing says who is assigned`,
        'add assignments: { table: ..., person: ..., organization: ... }',
      );
    }
  }
}

/** Texts of a list; of anything else, none: the shape is reported elsewhere. */
function namesIn(list: Tree | undefined): ReadonlySet<unknown> {
  return new Set(list?.kind === 'list' ? list.items.map(toValue) : []);
}

/** Roles that `grants` and `gate` name. */
function checkReferences(root: Tree, report: Report): void {
  const roles = treeAt(root, ['roles']);
  // Without a sound list of roles every use would be reported for one mistake.
  if (roles?.kind !== 'map' || !report.isSound(roles)) return;
  const known = [...roles.entries.keys()];
  const fix = (name: string) => {
    const guess = nearest(name, known);
    return guess
      ? `did you mean ${guess}?`
      : `declare it under roles, or use one of ${known.join(', ') || 'them'}`;
  };
  const gate = treeAt(root, ['organizations', 'gate']);
  const gateName = textOf(treeAt(root, ['organizations']), 'gate');
  if (gate && gateName?.trim() && !roles.entries.has(gateName)) {
    report.atValue(
      gate,
      `the gate ${JSON.stringify(gateName)} is not a role of this registry`,
      fix(gateName),
    );
  }
  const granting = [treeAt(root, ['organizations'])].concat(
    ['tables', 'excluded', 'views'].flatMap((section) => [...entriesOf(root, section).values()]),
  );
  for (const entry of granting) {
    for (const [name, verbs] of entriesOf(entry, 'grants')) {
      if (roles.entries.has(name)) continue;
      report.atKey(verbs, `${JSON.stringify(name)} is not a role of this registry`, fix(name));
    }
  }
}

/** The approval path needs its gate, an auditor who sees no row, and a default within its own limit. */
function checkApprovals(root: Tree, report: Report): void {
  const approvals = treeAt(root, ['approvals']);
  if (approvals?.kind !== 'map') return;
  const organizations = treeAt(root, ['organizations']);
  if (organizations && report.isSound(organizations) && !treeAt(organizations, ['gate'])) {
    report.atKey(
      approvals,
      'approvals needs organizations.gate: nobody could approve anything',
      'name the role that the approval path logs in as: gate: sensitive_gate',
    );
  }
  const auditor = treeAt(approvals, ['auditor']);
  const name = textOf(approvals, 'auditor');
  const roles = treeAt(root, ['roles']);
  if (auditor && name?.trim() && roles?.kind === 'map' && report.isSound(roles)) {
    const sees = textOf(roles.entries.get(name), 'sees');
    if (!roles.entries.has(name)) {
      report.atValue(
        auditor,
        `the auditor ${JSON.stringify(name)} is not a role of this registry`,
        `declare it under roles: ${name}: { sees: nothing, login: true }`,
      );
    } else if (sees !== undefined && sees !== 'nothing') {
      report.atValue(
        auditor,
        `the auditor ${name} sees ${sees}: whoever reads the ledger reads no tenant's row`,
        'name a role with sees: nothing',
      );
    } else if (name === textOf(organizations, 'gate')) {
      report.atValue(auditor, `the auditor ${name} is the gate too`, 'name a role of its own');
    }
  }
  const shortest = minutesOf(approvals, 'default_minutes') ?? DEFAULT_MINUTES;
  const longest = minutesOf(approvals, 'max_minutes') ?? MAXIMUM_MINUTES;
  if (shortest <= longest) return;
  report.atKey(
    treeAt(approvals, ['default_minutes']) ?? approvals,
    `default_minutes (${shortest}) is more than max_minutes (${longest})`,
    'give a default that may be asked for',
  );
}

function minutesOf(approvals: Tree, key: string): number | undefined {
  const tree = treeAt(approvals, [key]);
  return tree?.kind === 'scalar' && typeof tree.value === 'number' ? tree.value : undefined;
}

const WAYS = ['organization', 'via', 'through'];

function checkBelonging(name: string, table: Tree, report: Report): void {
  if (table.kind !== 'map') return;
  exactlyOne(table, WAYS, name, report);
  const through = table.entries.get('through');
  if (through?.kind === 'map') exactlyOne(through, ['column', 'columns'], 'through', report);
  const lists = ['organization', 'via'].map((key) => table.entries.get(key));
  for (const list of [...lists, treeAt(table, ['through', 'columns'])]) {
    if (list?.kind !== 'list') continue;
    const seen = new Set<unknown>();
    for (const item of list.items) {
      if (item.kind !== 'scalar') continue;
      if (seen.has(item.value))
        report.atValue(item, `${item.source} stands in the list twice`, 'name it once');
      seen.add(item.value);
    }
  }
}

function exactlyOne(map: MapTree, keys: readonly string[], name: string, report: Report): void {
  const given = [...map.entries]
    .filter(([key]) => keys.includes(key))
    .sort(([, a], [, b]) => (a.keyAt ?? 0) - (b.keyAt ?? 0));
  const names = given.map(([key]) => key);
  const second = given[1]?.[1];
  if (names.length === 0) {
    report.atKey(map, `${name} has none of ${keys.join(', ')}`, `give exactly one of ${keys.join(', ')}`);
  } else if (second) {
    report.atKey(second, `${name} has ${names.join(' and ')}`, `keep exactly one of ${names.join(', ')}`);
  }
}

function checkExceptions(root: Tree, today: string, report: Report): void {
  const acknowledged = treeAt(root, ['acknowledged']);
  const exceptions: (readonly [string, Tree])[] = [...entriesOf(root, 'excluded')];
  for (const entry of acknowledged?.kind === 'list' ? acknowledged.items : []) {
    exceptions.push([textOf(entry, 'rule') ?? 'acknowledged', entry]);
  }
  for (const [name, entry] of exceptions) {
    const until = textOf(entry, 'until');
    const tree = treeAt(entry, ['until']);
    if (!tree || until === undefined || !isDay(until) || until >= today) continue;
    const owner = textOf(entry, 'owner')?.trim() || 'its owner';
    report.atValue(
      tree,
      `the exception for ${name} lapsed: it held until ${until}, and today is ${today}`,
      `remove it, or have ${owner} decide on a later day`,
    );
  }
}
