/** All stacks of a stage, in the order in which they are deployed (ADR 7). */
import type { Construct } from 'constructs';
import type { FunctionPackage } from '../functions/function-package';
import type { Stage } from '../stage';
import { AccessStack } from './access';
import { DataStack } from './data';
import { FoundationStack } from './foundation';
import { IdentityStack } from './identity';
import { KeysStack } from './keys';
import { NetworkStack } from './network';
import { OperationsStack } from './operations';
import { OrganizationStack } from './organization';
import type { PlatformStack } from './platform-stack';
import { RegistryStack } from './registry';
import { SensitiveStack } from './sensitive';
import { ServicesStack } from './services';

/** One for each folder of `lambda/` that is deployed. */
export interface FunctionPackages {
  readonly databaseBootstrap: FunctionPackage;
  readonly secretRotation: FunctionPackage;
  readonly approvals: FunctionPackage;
  readonly rlsRegistry: FunctionPackage;
  readonly migrationTask: FunctionPackage;
}

export interface PlatformProps {
  readonly stage: Stage;
  readonly packages: FunctionPackages;
  /** Stamp of this deploy: appears in the registry resource, and nowhere else. */
  readonly deployment: string;
}

/** Names of stacks are a contract: a stack that is renamed is another stack. */
export function platform(app: Construct, { stage, packages, deployment }: PlatformProps): void {
  const foundation = new FoundationStack(app, 'Foundation', { stage });
  const identity = new IdentityStack(app, 'Identity', { stage });
  const sensitive = new SensitiveStack(app, 'Sensitive', { stage });
  const operations = new OperationsStack(app, 'Operations', { stage, sensitiveKey: sensitive.key });
  const network = new NetworkStack(app, 'Network', { stage });
  const { vpc, securityGroups, logsKey } = network;
  const data = new DataStack(app, 'Data', {
    stage,
    vpc,
    securityGroup: securityGroups.database,
    sensitiveKey: sensitive.key,
  });
  const { database } = data;
  const access = new AccessStack(app, 'Access', {
    stage,
    vpc,
    securityGroups,
    sensitiveKey: sensitive.key,
    logsKey,
    alertsKey: operations.alertsKey,
    auditKey: operations.auditKey,
    database,
    packages,
  });
  const registry = new RegistryStack(app, 'Registry', {
    stage,
    vpc,
    securityGroups,
    logsKey,
    database,
    packages,
    deployment,
  });
  const keys = new KeysStack(app, 'Keys', {
    stage,
    serviceToken: access.rotation.serviceToken,
    release: packages.secretRotation.hash,
    databaseHost: database.host,
  });
  const services = new ServicesStack(app, 'Services', {
    stage,
    vpc,
    securityGroups,
    logsKey,
    sensitiveKey: sensitive.key,
    sessionKey: sensitive.sessionKey,
    transcripts: sensitive.transcripts,
    database,
  });
  // Not references, but promises: the guards before what they guard, the registry before what serves rows.
  inOrder(foundation, identity, sensitive, operations, network, data, access, registry, keys, services);
  if (stage.organization) new OrganizationStack(app, 'Organization', { stage });
}

/** Each waits for the one before it. */
function inOrder(...stacks: readonly PlatformStack[]): void {
  stacks.reduce((before, after) => {
    after.addStackDependency(before);
    return after;
  });
}
