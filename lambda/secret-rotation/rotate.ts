/**
 * The four steps that Secrets Manager asks for, each of which may be asked for again:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
import { CommandError } from '../../sql/db/errors';
import type { Connector } from '../connection/connect';
import { kindOf } from './kinds';
import type { Settings } from './settings';
import type { Store } from './store';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

export interface RotationEvent {
  readonly Step: string;
  /** ARN. */
  readonly SecretId: string;
  /** The version that is being made. */
  readonly ClientRequestToken: string;
}

export async function rotate(
  connector: Connector<Settings>,
  store: Store,
  { Step, SecretId: id, ClientRequestToken: version }: RotationEvent,
): Promise<void> {
  const step = STEPS.find((each) => each === Step);
  if (step === undefined) throw refused(`there is no step "${Step}" in a rotation`);
  const { name, rotationEnabled, versions } = await store.describe(id);
  const kind = kindOf(connector.settings, name);
  if (!rotationEnabled) throw refused(`rotation of ${name} is not switched on`);
  const stages = versions[version];
  if (stages === undefined) throw refused(`${name} has no version ${version}`);
  // Finished before, and asked again.
  if (stages.includes('AWSCURRENT')) return;
  if (!stages.includes('AWSPENDING')) throw refused(`version ${version} of ${name} is not pending`);

  const pending = { stage: 'AWSPENDING', id: version };
  if (step === 'createSecret') {
    if ((await store.read(id, pending)) !== undefined) return;
    const current = await must(store.read(id, { stage: 'AWSCURRENT' }), name);
    await store.write(id, version, kind.next(current), 'AWSPENDING');
    return;
  }
  const value = await must(store.read(id, pending), name);
  connector.keepSecret(value);
  switch (step) {
    case 'setSecret':
      return kind.apply(connector, await must(store.read(id, { stage: 'AWSCURRENT' }), name), value);
    case 'testSecret':
      return kind.test(connector, value);
    case 'finishSecret': {
      // What does not work never becomes current, whatever was tested before.
      await kind.test(connector, value);
      const current = Object.keys(versions).find((each) => versions[each]?.includes('AWSCURRENT'));
      return store.promote(id, version, current);
    }
    default:
      return step satisfies never;
  }
}

async function must(value: Promise<string | undefined>, name: string): Promise<string> {
  const text = await value;
  if (text === undefined) throw refused(`${name} has no value where the rotation needs one`);
  return text;
}

function refused(why: string): CommandError {
  return new CommandError(
    'rotation-refused',
    why,
    'Nothing was changed. See the secret in Secrets Manager, and rotate again.',
  );
}
