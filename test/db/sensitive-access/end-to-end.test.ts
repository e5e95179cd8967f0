/**
 * The whole chain on one machine, each step a process as a person starts it: an engineer sees no row of tenant zero, asks, two
 * people give codes, the engineer sees exactly that organization, it is revoked, and the ledger tells the story.
 */

import type { RequestView } from '../../../lambda/approvals/protocol';
import { TENANTS } from '../../../sql/local/tenants';
import type { Ran } from '../cli/rls';
import { beginStory, type Story, Telephone } from './story';

jest.setTimeout(180_000);

let story: Story;
const telephones = new Map<string, Telephone>();
const own = TENANTS.find((each) => each.is === 'own') as (typeof TENANTS)[number];

beforeAll(async () => {
  story = await beginStory();
});
afterAll(() => story?.end());

function ok(ran: Ran): Ran {
  expect({ code: ran.code, stderr: ran.code === 0 ? '' : ran.stderr }).toEqual({ code: 0, stderr: '' });
  return ran;
}

const json = <T>(ran: Ran): T => JSON.parse(ok(ran).stdout) as T;

async function enrol(name: string): Promise<{ state: string; request: RequestView | null }> {
  const { secret } = json<{ secret: string }>(
    await story.sensitiveAccess(name, ['approver', 'add', name, '--format', 'json']),
  );
  telephones.set(name, new Telephone(secret));
  return json(
    await story.sensitiveAccess(
      name,
      ['approver', 'confirm', name, '--code-stdin', '--format', 'json'],
      await codeOf(name),
    ),
  );
}

function codeOf(name: string): Promise<string> {
  const telephone = telephones.get(name);
  if (!telephone) throw new Error(`${name} has no telephone`);
  return telephone.code();
}

const approve = async (name: string, request: string) =>
  story.sensitiveAccess(name, ['approve', request, '--code-stdin'], await codeOf(name));

const OPEN = ['open', '--reason', 'payslips are said to be wrong', '--ticket', 'OPS-1201'];

/** What an engineer sees, by name of the organization. */
async function seen(profile: string): Promise<string[]> {
  const { stdout } = ok(
    await story.supportShell(profile, [
      ...OPEN,
      '--execute',
      `select string_agg(distinct o.name, ',' order by o.name) as names from public.employees e join public.organizations o on o.id = e.organization_id`,
    ]),
  );
  return TENANTS.map(({ name }) => name)
    .filter((name) => stdout.includes(name))
    .sort();
}

const ordinary = TENANTS.filter(({ is }) => is === 'ordinary')
  .map(({ name }) => name)
  .sort();

test('sees nothing of tenant zero, asks, is approved by two people, sees exactly it, is revoked, sees nothing; audit tells it', async () => {
  // Two approvers: the first counts at once, the second when the first has said so.
  expect(await enrol('ada')).toMatchObject({ state: 'counts', request: null });
  const grace = await enrol('grace');
  expect(grace.state).toBe('waits-for-approval');
  ok(await approve('ada', grace.request?.id ?? ''));

  expect(await seen('uma')).toEqual(ordinary);
  const explained = ok(await story.supportShell('uma', ['explain', 'public.employees', own.id]));
  expect(explained.stdout).toContain('sensitive-access -- request');

  const asked = await story.sensitiveAccess('uma', [
    ...['request', '--organization', 'own', '--kind', 'shell', '--ticket', 'OPS-1201', '--yes'],
    ...['--reason', 'payslips of November are said to be wrong', '--format', 'json'],
  ]);
  const request = json<RequestView>(asked);
  expect(request).toMatchObject({ organization: own.id, own: true, codesNeeded: 2, state: 'pending' });
  // Before anybody was asked, it said what would be opened.
  expect(asked.stderr).toContain('public.employees');

  // One code is not enough, the requester's own is none, and the first approver has no second one.
  expect((await approve('ada', request.id)).stdout).toMatch(/1 .*missing|1 more|one more/i);
  expect(await seen('uma')).toEqual(ordinary);
  ok(await approve('grace', request.id));

  expect(await seen('uma')).toEqual([...ordinary, own.name].sort());
  // A grant is a person's: somebody else of the same persona sees nothing more.
  expect(await seen('sam')).toEqual(ordinary);

  const revoked = ok(
    await story.sensitiveAccess('ada', ['revoke', request.id, '--reason', 'the payslips were right']),
  );
  expect(revoked.stdout).toMatch(/\b0 rows after \d+ ms/);
  expect(await seen('uma')).toEqual(ordinary);

  const told = json<{ how: string; login: string | null; approvedBy?: string[] }[]>(
    await story.sensitiveAccess('aud', [
      ...['audit', '--organization', own.id, '--format', 'json'],
      ...[
        '--from',
        new Date(Date.now() - 3600_000).toISOString(),
        '--to',
        new Date(Date.now() + 60_000).toISOString(),
      ],
    ]),
  );
  expect([...new Set(told.map(({ how }) => how))].sort()).toEqual(['could', 'did']);
  expect([...new Set(told.map(({ login }) => login))]).toEqual(['uma@example.com']);
  const nobody = await story.sensitiveAccess('aud', [
    ...['audit', '--organization', own.id, '--at', '2026-01-15', '--format', 'csv'],
  ]);
  expect(ok(nobody).stdout).toContain('nobody');
  ok(await story.sensitiveAccess('aud', ['audit', 'verify', '--without-heads']));
});
