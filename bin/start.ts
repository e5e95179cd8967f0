/** `npm start`: the platform on one machine. */
import { startLocally } from '../app/local';
import { startLocalAws } from '../local/start-aws';
import { DATABASE } from '../sql/local/cluster';
import { type Beside, start } from '../sql/local/start';
import { TENANTS, USERS } from '../sql/local/tenants';

// The SDK reminds of Node 22; package.json says which versions we support.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const app: Beside = async ({ cluster, keys, home, step }) => {
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
};

const aws: Beside = ({ cluster, keys, home, step }) =>
  step(
    'AWS',
    () =>
      startLocalAws({
        database: { port: cluster.port, name: DATABASE, passwords: cluster.secrets.passwords },
        tokenKeys: keys,
        home,
      }),
    ({ endpoint }) => `answers at ${endpoint}, and the approval function in it`,
  );

void start(process.argv.slice(2), [app, aws]).then((code) => {
  process.exitCode = code;
});
