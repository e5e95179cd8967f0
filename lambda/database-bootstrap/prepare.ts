/** As the master: roles, extensions, and how each login proves who it is. */
import { z } from 'zod';
import { APPLYING_LOGIN, bootstrap, MIGRATION_LOGIN } from '../../sql/db/bootstrap';
import { CommandError } from '../../sql/db/errors';
import { manageLogins } from '../../sql/db/managed-logins';
import { type Connector, withConnection } from '../connection/connect';
import type { Settings } from './settings';

/** Logins of the platform's registry (`sql/registry.yaml`) that the engine would make, but could not let in. */
const SERVICES = ['app_backend', 'staff_admin', 'support_shell', 'sensitive_gate'];
const BREAK_GLASS = 'break_glass';
const AUDITOR = 'auditor';

export async function prepare(connector: Connector<Settings>): Promise<void> {
  const { settings, deadline, credentials, keepSecret } = connector;
  const passwordOf = async (secret: string, login: string) => {
    const password = parseLogin(secret, login, await credentials.secret(secret));
    keepSecret(password);
    return password;
  };
  deadline.doing = 'reading the logins of people';
  const byPassword = {
    [BREAK_GLASS]: await passwordOf(settings.breakGlassSecret, BREAK_GLASS),
    [AUDITOR]: await passwordOf(settings.auditorSecret, AUDITOR),
  };
  await withConnection(connector, { kind: 'secret', secret: settings.masterSecret }, async (client) => {
    deadline.doing = 'making the roles';
    await bootstrap(client, {
      database: settings.database,
      logins: [...SERVICES.slice(1), BREAK_GLASS, AUDITOR],
    });
    deadline.doing = 'saying how each login proves who it is';
    await manageLogins(client, {
      byToken: [MIGRATION_LOGIN, APPLYING_LOGIN, ...SERVICES],
      byPassword,
      // People: whoever is in the shell, breaks the glass, or reads the ledger.
      audited: ['support_shell', BREAK_GLASS, AUDITOR],
      audit: settings.audit,
      unlimited: [MIGRATION_LOGIN],
    });
  });
}

const shape = z.object({ username: z.string(), password: z.string().min(16) });

function parseLogin(secret: string, login: string, value: string): string {
  const wrong = (why: string) =>
    new CommandError(
      'secret-unusable',
      `the secret ${secret} is no login of ${login}: ${why}`,
      `It holds {"username":"${login}","password":"..."}; rotate it, or make it anew.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    throw wrong('it is not JSON');
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw wrong('username or password is missing, or the password is short');
  if (parsed.data.username !== login) throw wrong('it names another user');
  return parsed.data.password;
}
