import type { StageLiteral } from '../../lib/stage';

/** Cheap: the database pauses, no NAT, one of everything, nothing is kept. */
export const dev: StageLiteral = {
  name: 'dev',
  account: '111111111111',
  region: 'eu-central-1',
  protection: 'disposable',
  bootstrap: { platform: 'tzdev', sensitive: 'tzdevsens' },
  network: {
    cidr: '10.20.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    natGateways: 0,
    endpointZones: 1,
    s3PrefixList: 'pl-6ea54007',
  },
  database: {
    engine: {
      kind: 'aurora',
      minCapacity: 0,
      maxCapacity: 2,
      pauseAfterMinutes: 10,
      readers: 0,
      maxReaders: 0,
    },
    name: 'tenant_zero',
    backupDays: 1,
  },
  image: {
    repository: 'tenant-zero/app',
    digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  },
  backend: { cpu: 256, memoryMib: 512, minTasks: 1, maxTasks: 1 },
  web: {
    domain: 'dev.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-4000-8000-000000000001',
    rateLimit: 1000,
  },
  identityCenter: {
    account: '111111111111',
    region: 'eu-central-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000001',
    personas: {
      ProdEngineer: { groups: ['00000000-0000-4000-8000-000000000001'], sessionMinutes: 480 },
      BreakGlassAdmin: { groups: ['00000000-0000-4000-8000-000000000002'], sessionMinutes: 60 },
      SensitiveApprover: { groups: ['00000000-0000-4000-8000-000000000003'], sessionMinutes: 60 },
      SecurityAuditor: { groups: ['00000000-0000-4000-8000-000000000004'], sessionMinutes: 240 },
    },
  },
  sensitiveAdministrators: ['arn:aws:iam::111111111111:role/sensitive-administrator'],
  approvers: ['ada@example.com', 'grace@example.com'],
  github: {
    repository: 'example/tenant-zero',
    platformEnvironment: 'dev',
    sensitiveEnvironment: 'dev-sensitive',
    createProvider: true,
  },
  alerts: { owner: 'owner@example.com', emails: ['alerts-dev@example.com'] },
  logs: { retentionDays: 30, auditLockDays: 1 },
};
