/** AWS as `open` finds it: STS, the function, ECS, and a plugin on the PATH that writes down how it was called. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { approvals } from '../../../../cli/approvals/client';
import type { Target } from '../../../../cli/approvals/target';
import type { Session } from '../../../../cli/support-shell/command';
import type { OpenOptions } from '../../../../cli/support-shell/commands/open';
import type { Facts } from '../../../../cli/support-shell/facts';
import { openInAws } from '../../../../cli/support-shell/open-in-aws';
import { progressLine } from '../../../../sql/cli/progress';
import { type Answers, AwsError, awsEndpoint, type Endpoint } from '../../../support/aws-endpoint';
import { type FakeIo, fakeIo } from '../approvals/fake-io';
import { type FunctionEndpoint, functionEndpoint } from '../approvals/function-endpoint';
import { goodFacts, PLACE } from './given';

export const SHELL_ID = '0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11';
export const TICKET = 'A-ticket_of-thirty-two-random-bytes-base64u';
export const ENGINEER = arnOf('ProdEngineer', 'uma@example.com');

export function arnOf(persona: string, login: string, account = PLACE.account): string {
  return `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${persona}_0123456789abcdef/${login}`;
}

/** What the plugin was given. */
export interface Called {
  readonly args: readonly string[];
  readonly session: string;
}

export interface World {
  /** What ECS answers from. Replaced or changed by tests. */
  facts: Facts;
  /** Looked at before each DescribeServices, so that something can happen in between. */
  before: (count: number) => void;
  readonly functions: FunctionEndpoint;
  /** Answers of ECS in the place of the usual ones. */
  readonly ecs: Record<string, (input: Endpoint['calls'][number]['input']) => object>;
  readonly calls: Endpoint['calls'];
  /** A script in sh: `--version` is `$1`. */
  plugin(script: string | undefined): void;
  plugged(): Called | undefined;
  open(options?: Partial<OpenOptions>, env?: Readonly<Record<string, string>>): Promise<Opened>;
  readonly directory: string;
  close(): Promise<void>;
}

export interface Opened {
  readonly code: number | undefined;
  readonly error: (Error & { code?: string; next?: string }) | undefined;
  readonly io: FakeIo;
}

export const GOOD_PLUGIN = `
if [ "$1" = --version ]; then echo 1.2.707.0; exit 0; fi
printf '%s' "$AWS_SSM_START_SESSION_RESPONSE" > "$HERE/session"
for each in "$@"; do printf '%s\\n' "$each"; done > "$HERE/args"
`;

export async function world(): Promise<World> {
  const directory = mkdtempSync(path.join(tmpdir(), 'support-shell-'));
  const functions = await functionEndpoint();
  const replaced: World['ecs'] = {};
  const ecs = await awsEndpoint(answers(() => self, replaced));
  const front = await inFront(ecs, functions);
  const self: World = {
    facts: goodFacts(),
    before: () => undefined,
    functions,
    ecs: replaced,
    calls: ecs.calls,
    directory,
    plugin(script) {
      const file = path.join(directory, 'session-manager-plugin');
      rmSync(file, { force: true });
      if (script === undefined) return;
      writeFileSync(file, `#!/bin/sh\nHERE='${directory}'\n${script}`);
      chmodSync(file, 0o755);
    },
    plugged() {
      try {
        const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
        return { args: read('args').trimEnd().split('\n'), session: read('session') };
      } catch {
        return undefined;
      }
    },
    async open(options = {}, env = {}) {
      const io = fakeIo({ env: { PATH: `${directory}:/usr/bin:/bin`, ...env } });
      const target: Target = {
        functionName: 'tz-test-approvals',
        stage: PLACE.stage,
        region: PLACE.region,
        endpoint: front.url,
        credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' }),
        flags: '--stage test',
      };
      const progress = progressLine(io.stderr);
      const client = approvals(target, io, progress, { most: 1 });
      const session = { io, target, approvals: client, progress, format: 'table' } as unknown as Session;
      try {
        const code = await openInAws(session, {
          format: 'table',
          reason: 'export fails since Monday',
          ticket: 'OPS-123',
          account: PLACE.account,
          wait: 0,
          ...options,
        });
        return { code, error: undefined, io };
      } catch (error) {
        return { code: undefined, error: error as Opened['error'], io };
      } finally {
        client.close();
      }
    },
    async close() {
      rmSync(directory, { recursive: true });
      await Promise.all([front.close(), ecs.close(), functions.close()]);
    },
  };
  functions.arns.AKID = ENGINEER;
  functions.answers = {
    ticket: () => ({
      shell: SHELL_ID,
      ticket: TICKET,
      expiresAt: '2026-11-21T11:02:00.000Z',
      person: '7',
      login: 'uma@example.com',
    }),
    'shell-opened': () => ({}) as never,
    'shell-close': () => ({}) as never,
  };
  self.plugin(GOOD_PLUGIN);
  return self;
}

function answers(world: () => World, replaced: World['ecs']): Answers {
  let looks = 0;
  const usual: Answers = {
    DescribeClusters: () => ({ clusters: list(world().facts.cluster) }),
    DescribeServices: () => {
      looks += 1;
      world().before(looks);
      return { services: list(world().facts.service) };
    },
    DescribeTaskDefinition: () => ({ taskDefinition: world().facts.definition }),
    ListTasks: () => ({ taskArns: world().facts.tasks.map(({ taskArn }) => taskArn) }),
    DescribeTasks: () => ({ tasks: world().facts.tasks }),
    ExecuteCommand: () => ({
      session: {
        sessionId: 'ecs-execute-command-0a1b2c',
        streamUrl: 'wss://stream.example.com',
        tokenValue: 'secret-token',
      },
    }),
  };
  return Object.fromEntries(
    Object.entries(usual).map(([name, answer]) => [name, (input) => (replaced[name] ?? answer)(input)]),
  );
}

const list = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

/** ECS by its header, everything else as the endpoint of the function takes it. */
async function inFront(ecs: Endpoint, functions: FunctionEndpoint) {
  const server = createServer(async (request, response) => {
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const to = request.headers['x-amz-target'] ? ecs.client.endpoint : functions.url;
    const given = await buffer(request);
    const answer = await fetch(`${to}${request.url}`, {
      method: 'POST',
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: new Uint8Array(given),
    });
    const { 'content-length': _1, 'transfer-encoding': _2, ...back } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, back).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export { AwsError };
