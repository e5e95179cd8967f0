/** `GET /v1/employees`: the people of the session's organization, a page at a time. */
import type { FastifyInstance } from 'fastify';
import { withTenant } from '../../sql/db/tenant';
import type { Services } from './server';

interface Employee {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

const MOST = 500;

const schema = {
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: {
      after: { type: 'string', format: 'uuid' },
      limit: { type: 'integer', minimum: 1, maximum: MOST },
    },
  },
  response: {
    200: {
      type: 'object',
      required: ['employees', 'next'],
      properties: {
        employees: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'name', 'email'],
            properties: {
              id: { type: 'string' },
              name: { type: 'string' },
              email: { type: ['string', 'null'] },
            },
          },
        },
        /** Give it as `after` for the next page; null: this was the last one. */
        next: { type: ['string', 'null'] },
      },
    },
  },
} as const;

/** No organization in the statement: the policies put it there, from the signed token. */
const PAGE = `select id, name, email from public.employees
where $1::uuid is null or id > $1::uuid order by id limit $2`;

export function employees(app: FastifyInstance, { pool, tokenKeys, authenticate, pageSize }: Services): void {
  app.get<{ Querystring: { after?: string; limit?: number } }>(
    '/v1/employees',
    { schema },
    async (request, reply) => {
      const session = await authenticate(request);
      if (!session) {
        reply.header('www-authenticate', 'Bearer');
        return reply.code(401).send({ error: 'unauthorized', message: 'sign in again' });
      }
      const { after = null, limit = pageSize } = request.query;
      const context = {
        kind: 'tenant',
        organization: session.organization,
        person: session.user,
        readOnly: true,
      } as const;
      const rows = await withTenant(pool, await tokenKeys.get(), context, async (client) => {
        // A session outlives a membership; the organization's own rows say who belongs to it now.
        const member = await client.query('select from public.memberships where user_id = $1', [
          session.user,
        ]);
        if (member.rowCount === 0) return undefined;
        return (await client.query<Employee>(PAGE, [after, limit + 1])).rows;
      });
      if (!rows)
        return reply
          .code(403)
          .send({ error: 'forbidden', message: 'you do not belong to this organization' });
      const page = rows.slice(0, limit);
      return { employees: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
  );
}
