/** `npm start`: the platform on one machine. */
import { startLocally } from '../app/local';
import { DATABASE } from '../sql/local/cluster';
import { start } from '../sql/local/start';
import { TENANTS, USERS } from '../sql/local/tenants';

void start(process.argv.slice(2), async ({ cluster, keys, home, step }) => {
  const [tenant] = TENANTS;
  const user = tenant && USERS.get(tenant.members[0]);
  if (!user) throw new Error('the first demo tenant has no member');
  return step(
    'App',
    () =>
      startLocally({
        database: {
          port: cluster.port,
          name: DATABASE,
          password: cluster.secrets.passwords.app_backend ?? '',
        },
        directory: home.directory,
        tokenKeys: keys,
        demo: { user: user.id, organization: tenant.id, name: tenant.name },
      }),
    ({ url }) => `ready at ${url}`,
  );
}).then((code) => {
  process.exitCode = code;
});
