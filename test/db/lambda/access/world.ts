/** A server with TLS as AWS would manage it: a master who is no superuser, and the roles that RDS brings. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Dependencies } from '../../../../lambda/connection/edge';
import { ENVIRONMENT as BOOTSTRAP } from '../../../../lambda/database-bootstrap/contract';
import { ENVIRONMENT as ROTATION } from '../../../../lambda/secret-rotation/contract';
import { type Store, secretsManager } from '../../../../lambda/secret-rotation/store';
import { bundleFunction } from '../../../../scripts/bundle-function';
import { apply } from '../../../../sql/applier/apply';
import { migrate } from '../../../../sql/db/migrate';
import { loadRegistry } from '../../../../sql/registry';
import { awsEndpoint, type Endpoint } from '../../../support/aws-endpoint';
import { urlFor, withClient } from '../../../support/database';
import { MIGRATIONS, REGISTRY } from '../../../support/platform';
import { MemorySecrets } from '../../../support/secrets-manager';
import { type Answer, Stage } from '../stage';

export const NAMES = {
  master: 'rds!cluster-test',
  breakGlass: 'tz-test/sensitive/break-glass-login',
  auditor: 'tz-test/sensitive/auditor-login',
  tokenKeys: 'tz-test/sensitive/token-signing-keys',
  sessionKeys: 'tz-test/sensitive/session-signing-keys',
} as const;

/** What stands in for a token of IAM: passwords of the logins that have one in the world of the tests. */
export const TOKENS: Record<string, string> = {
  registry_applier: 'token-of-the-applier',
  migrator: 'token-of-the-migrator',
};

export const MASTER = { username: 'tz_master', password: 'master-password-of-the-test' };

export type Package = (handler: string, event: object, database: string) => Promise<Answer>;

export class World {
  readonly secrets = new MemorySecrets();
  readonly lines: string[] = [];
  private readonly stage = new Stage();
  private endpoint!: Endpoint;

  async open(): Promise<void> {
    await this.stage.open();
    this.endpoint = await awsEndpoint(this.secrets.answers);
    await withClient(urlFor('postgres'), async (client) => {
      await client.query(
        `create role ${MASTER.username} login createrole createdb password '${MASTER.password}'`,
      );
      await client.query('create role rdsadmin superuser nologin');
      for (const role of ['rds_iam', 'rds_password']) {
        await client.query(`create role ${role} nologin`);
        await client.query(`grant ${role} to ${MASTER.username} with admin option`);
      }
    });
    this.secrets.add(NAMES.master, JSON.stringify(MASTER));
    for (const [secret, username] of [
      [NAMES.breakGlass, 'break_glass'],
      [NAMES.auditor, 'auditor'],
    ] as const) {
      this.secrets.add(secret, JSON.stringify({ username, password: randomBytes(18).toString('hex') }));
    }
    for (const secret of [NAMES.tokenKeys, NAMES.sessionKeys]) {
      this.secrets.add(secret, '{"state":"not yet","unused":"x"}');
    }
  }

  async close(): Promise<void> {
    await this.endpoint?.close();
    await this.stage.close();
  }

  /** As RDS hands it over: the master owns it. */
  async database(): Promise<string> {
    const name = `t_${randomBytes(6).toString('hex')}`;
    await withClient(urlFor('postgres', { user: MASTER.username, password: MASTER.password }), (client) =>
      client.query(`create database ${name}`),
    );
    return name;
  }

  store(): Store {
    return secretsManager(new SecretsManagerClient(this.endpoint.client));
  }

  dependencies(database: string, change: Record<string, string | undefined> = {}): Dependencies {
    const where = { host: 'localhost', port: String(this.stage.port), database };
    return {
      environment: {
        AWS_REGION: 'eu-central-1',
        [BOOTSTRAP.host]: where.host,
        [BOOTSTRAP.port]: where.port,
        [BOOTSTRAP.database]: where.database,
        [BOOTSTRAP.masterSecret]: NAMES.master,
        [BOOTSTRAP.breakGlassSecret]: NAMES.breakGlass,
        [BOOTSTRAP.auditorSecret]: NAMES.auditor,
        [BOOTSTRAP.audit]: 'none',
        [ROTATION.applierUser]: 'registry_applier',
        [ROTATION.tokenKeys]: NAMES.tokenKeys,
        [ROTATION.sessionKeys]: NAMES.sessionKeys,
        [BOOTSTRAP.caFile]: this.stage.authority.certificate,
        ...change,
      },
      packageDir: __dirname,
      credentials: {
        secret: async (id) => {
          const value = this.secrets.value(id);
          if (value === undefined) throw new Error(`there is no secret ${id}`);
          return value;
        },
        token: async ({ user }) => TOKENS[user] ?? '',
      },
      write: (line) => void this.lines.push(line),
    };
  }

  /** The package as Lambda runs it: a process of its own, the SDK of the runtime, and nothing injected. */
  async package(name: 'database-bootstrap' | 'secret-rotation'): Promise<Package> {
    const outDir = path.join(this.stage.directory, name);
    const entry = path.join(__dirname, '../../../../lambda', name, 'index.ts');
    await bundleFunction({ entry, outDir, ca: this.stage.authority.certificate });
    return (handler, event, database) =>
      // The stage knows the handlers of the registry only.
      this.stage.call(handler as 'onEvent', event, this.dependencies(database).environment, {
        package: outDir,
        environment: {
          [BOOTSTRAP.caFile]: undefined,
          AWS_ENDPOINT_URL_SECRETS_MANAGER: this.endpoint.client.endpoint,
        },
      });
  }

  /** What IAM does by itself: lets logins in by a token. */
  async acceptTokens(): Promise<void> {
    await withClient(urlFor('postgres'), async (client) => {
      for (const [login, token] of Object.entries(TOKENS))
        await client.query(`alter role ${login} password '${token}'`);
    });
  }

  /** Migrations and registry, as the deploy does it after the bootstrap. */
  async applyRegistry(database: string): Promise<void> {
    await this.acceptTokens();
    const login = (user: string) => urlFor(database, { user, password: TOKENS[user] ?? '' });
    await migrate({ url: login('migrator'), dir: MIGRATIONS });
    await withClient(login('registry_applier'), async (client) =>
      apply(client, await loadRegistry(REGISTRY)),
    );
  }
}

export const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };
