/** What the functions of the approval path answer, as it is parsed: a shape that this version does not know is an error. */
import { z } from 'zod';

const time = z.iso.datetime();
const blast = z.array(z.object({ table: z.string(), rows: z.int() }));

export const approver = z.object({
  name: z.string(),
  login: z.string(),
  state: z.enum(['unconfirmed', 'waits-for-approval', 'counts', 'removed']),
  since: time,
  lockedUntil: time.nullable(),
  ownFrom: time.nullable(),
});

export const request = z.object({
  id: z.uuid(),
  hash: z.string(),
  kind: z.enum(['console', 'shell', 'flag', 'approver']),
  access: z.enum(['read', 'write']),
  organization: z.string().nullable(),
  own: z.boolean(),
  sensitive: z.boolean().nullable(),
  approver: z.string().nullable(),
  person: z.string(),
  login: z.string(),
  persona: z.string(),
  reason: z.string(),
  ticket: z.string(),
  minutes: z.int(),
  blast,
  codesNeeded: z.int(),
  codesGiven: z.array(z.object({ approver: z.string(), at: time, drift: z.int() })),
  state: z.enum(['pending', 'approved', 'denied', 'lapsed', 'ended', 'revoked']),
  createdAt: time,
  lapsesAt: time,
  decidedAt: time.nullable(),
  grant: z.object({ startsAt: time, endsAt: time, revokedAt: time.nullable() }).nullable(),
  denied: z.object({ by: z.string(), reason: z.string() }).nullable(),
  breakGlass: z.boolean(),
  reviewed: z.object({ by: z.string(), at: time, note: z.string() }).nullable(),
});

export const shell = z.object({
  shell: z.uuid(),
  login: z.string(),
  persona: z.string(),
  service: z.string(),
  reason: z.string(),
  ticket: z.string(),
  write: z.boolean(),
  issuedAt: time,
  openedAt: time.nullable(),
  endedAt: time.nullable(),
  task: z.string().nullable(),
});

const backends = z.array(z.object({ pid: z.int(), login: z.string() }));
const head = z.object({ sequence: z.int(), hash: z.string(), at: time }).nullable();

export const ANSWERS = {
  context: z.object({
    organization: z.string(),
    own: z.boolean(),
    sensitive: z.boolean(),
    codesNeeded: z.int(),
    defaultMinutes: z.int(),
    maximumMinutes: z.int(),
    past: z.object({ grants: z.int(), last: time.nullable() }),
    live: z.array(z.object({ kind: z.string(), access: z.string(), until: time })),
  }),
  blast,
  request,
  requests: z.array(request),
  weighed: z.object({ attempt: z.uuid(), approver: z.string(), lastStep: z.int().nullable() }),
  accepted: z.object({ request: request.nullable(), approver: approver.nullable(), missing: z.int() }),
  refused: z.object({ failures: z.int(), lockedUntil: time.nullable(), lockedNow: z.boolean() }),
  ended: z.object({
    request,
    backends,
    shells: z.array(
      z.object({ shell: z.uuid(), task: z.string().nullable(), session: z.string().nullable() }),
    ),
  }),
  approver,
  approvers: z.array(approver),
  ticket: z.object({ shell: z.uuid(), expiresAt: time }),
  shell,
  shells: z.array(shell),
  closed: z.object({ view: shell, backends }),
  grants: z.array(
    z.object({
      organization: z.string(),
      kind: z.string(),
      access: z.string(),
      endsAt: time,
      live: z.boolean(),
      revoked: z.boolean(),
    }),
  ),
  measured: z.object({ grantsAlive: z.int(), reviewsOpen: z.int(), head }),
  head,
  nothing: z.unknown().transform(() => undefined),
} as const;
