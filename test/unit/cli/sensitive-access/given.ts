/** A machine with `npm start` on it, as the command line finds it, and the views that the function answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../../cli/sensitive-access/main';
import type { ApproverView, Preview, RequestView } from '../../../../lambda/approvals/protocol';
import { HOME_VARIABLE } from '../../../../sql/local/home';
import { type FakeIo, fakeIo, type Sitting } from '../approvals/fake-io';
import { type FunctionEndpoint, functionEndpoint } from '../approvals/function-endpoint';

export const ID = '0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11';
export const HASH = 'a1b2c3d4e5f6'.padEnd(64, '0');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly shown: string;
  readonly io: FakeIo;
}

export interface Machine {
  readonly endpoint: FunctionEndpoint;
  /** With `--local --profile uma` behind the arguments, unless they say otherwise. */
  run(args: readonly string[], sitting?: Sitting & { readonly as?: string | null }): Promise<Ran>;
  close(): Promise<void>;
}

const PERSONAS = {
  uma: 'ProdEngineer',
  ada: 'SensitiveApprover',
  bea: 'BreakGlassAdmin',
  aud: 'SecurityAuditor',
};

export async function machine(): Promise<Machine> {
  const endpoint = await functionEndpoint();
  const directory = mkdtempSync(path.join(tmpdir(), 'sensitive-access-'));
  const people = Object.entries({ ...PERSONAS, zoe: 'Zookeeper' }).map(([name, persona]) => {
    const accessKeyId = `AKID${name.toUpperCase()}`;
    const arn = `arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_${persona}_0123456789abcdef/${name}@example.com`;
    endpoint.arns[accessKeyId] = arn;
    return [name, { accessKeyId, secretAccessKey: 'secret-of-the-demo', sessionToken: 'token', arn }];
  });
  const local = {
    pid: process.pid,
    endpoint: endpoint.url,
    region: 'eu-central-1',
    account: '000000000000',
    stage: 'local',
    functionName: 'tz-local-approvals',
    people: Object.fromEntries(people),
  };
  writeFileSync(path.join(directory, 'aws.json'), JSON.stringify(local));
  return {
    endpoint,
    async run(args, { as = 'uma', ...sitting } = {}) {
      const io = fakeIo({ ...sitting, env: { [HOME_VARIABLE]: directory, ...sitting.env } });
      const code = await main(as === null ? args : [...args, '--local', '--profile', as], io);
      return { code, out: io.out(), shown: io.shown(), io };
    },
    close() {
      rmSync(directory, { recursive: true });
      return endpoint.close();
    },
  };
}

export function pending(more: Partial<RequestView> = {}): RequestView {
  return {
    id: ID,
    hash: HASH,
    kind: 'shell',
    access: 'read',
    organization: 'acme',
    own: false,
    sensitive: null,
    approver: null,
    person: '7',
    login: 'uma@example.com',
    persona: 'ProdEngineer',
    reason: 'export fails since Monday',
    ticket: 'OPS-123',
    minutes: 30,
    blast: [
      { table: 'public.documents', rows: 3000 },
      { table: 'public.users', rows: 40 },
    ],
    codesNeeded: 1,
    codesGiven: [],
    state: 'pending',
    createdAt: '2026-11-21T10:58:00.000Z',
    lapsesAt: '2026-11-21T11:58:00.000Z',
    decidedAt: null,
    grant: null,
    denied: null,
    breakGlass: false,
    reviewed: null,
    ...more,
  };
}

export function granted(more: Partial<RequestView> = {}): RequestView {
  return pending({
    state: 'approved',
    codesGiven: [{ approver: 'ada', at: '2026-11-21T11:00:00.000Z', drift: 0 }],
    decidedAt: '2026-11-21T11:00:00.000Z',
    grant: { startsAt: '2026-11-21T11:00:00.000Z', endsAt: '2026-11-21T11:30:00.000Z', revokedAt: null },
    ...more,
  });
}

export function previewed(more: Partial<Preview> = {}): Preview {
  const { blast } = pending();
  return {
    organization: 'acme',
    own: false,
    codesNeeded: 1,
    minutes: 30,
    blast,
    past: { grants: 0, last: null },
    live: [],
    narrower: [],
    ...more,
  };
}

export function approver(more: Partial<ApproverView> = {}): ApproverView {
  return {
    name: 'ada',
    login: 'ada@example.com',
    state: 'counts',
    since: '2026-11-01T09:00:00.000Z',
    lockedUntil: null,
    ownFrom: null,
    ...more,
  };
}
