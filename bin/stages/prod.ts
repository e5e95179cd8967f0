import type { StageLiteral } from '../../lib/stage';

/** Highly available; everything with a state is kept, protected from deletion and backed up. */
export const prod: StageLiteral = {
  name: 'prod',
  account: '333333333333',
  region: 'eu-central-1',
  protection: 'retained',
  bootstrap: { platform: 'tzprod', sensitive: 'tzprodsens' },
  network: {
    cidr: '10.40.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    natGateways: 3,
    // What the product calls: a payment provider, a mail provider. These addresses are examples.
    outbound: ['198.51.100.0/24'],
    endpointZones: 3,
    s3PrefixList: 'pl-6ea54007',
  },
  database: {
    engine: {
      kind: 'aurora',
      minCapacity: 1,
      maxCapacity: 16,
      readers: 1,
      maxReaders: 3,
    },
    name: 'tenant_zero',
    backupDays: 35,
    vault: { retentionDays: 35, locked: true },
  },
  image: {
    repository: 'tenant-zero/app',
    digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  },
  backend: { cpu: 512, memoryMib: 1024, minTasks: 3, maxTasks: 12 },
  web: {
    domain: 'app.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:333333333333:certificate/00000000-0000-4000-8000-000000000001',
    rateLimit: 2000,
  },
  identityCenter: {
    account: '333333333333',
    region: 'eu-central-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000001',
    personas: {
      ProdEngineer: { groups: ['00000000-0000-4000-8000-000000000001'], sessionMinutes: 480 },
      BreakGlassAdmin: { groups: ['00000000-0000-4000-8000-000000000002'], sessionMinutes: 60 },
      SensitiveApprover: { groups: ['00000000-0000-4000-8000-000000000003'], sessionMinutes: 60 },
      SecurityAuditor: { groups: ['00000000-0000-4000-8000-000000000004'], sessionMinutes: 240 },
    },
  },
  sensitiveAdministrators: ['arn:aws:iam::333333333333:role/sensitive-administrator'],
  approvers: ['ada@example.com', 'grace@example.com'],
  github: {
    repository: 'example/tenant-zero',
    platformEnvironment: 'prod',
    sensitiveEnvironment: 'prod-sensitive',
    createProvider: true,
  },
  alerts: { owner: 'owner@example.com', emails: ['alerts-prod@example.com'] },
  logs: { retentionDays: 365, auditLockDays: 400 },
};
