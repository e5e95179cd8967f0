import type { StageLiteral } from '../../lib/stage';

/** As production, smaller: releases are tried here, and so are restores. */
export const staging: StageLiteral = {
  name: 'staging',
  account: '222222222222',
  region: 'eu-central-1',
  protection: 'disposable',
  bootstrap: { platform: 'tzstg', sensitive: 'tzstgsens' },
  network: {
    cidr: '10.30.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
    natGateways: 1,
    // What the product calls: a payment provider, a mail provider. These addresses are examples.
    outbound: ['198.51.100.0/24'],
    endpointZones: 1,
    s3PrefixList: 'pl-6ea54007',
  },
  database: {
    engine: {
      kind: 'aurora',
      minCapacity: 0.5,
      maxCapacity: 4,
      readers: 0,
      maxReaders: 0,
    },
    name: 'tenant_zero',
    backupDays: 7,
  },
  image: {
    repository: 'tenant-zero/app',
    digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  },
  backend: { cpu: 256, memoryMib: 512, minTasks: 1, maxTasks: 2 },
  web: {
    domain: 'staging.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:222222222222:certificate/00000000-0000-4000-8000-000000000001',
    rateLimit: 1000,
  },
  identityCenter: {
    account: '222222222222',
    region: 'eu-central-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000001',
    personas: {
      ProdEngineer: { groups: ['00000000-0000-4000-8000-000000000001'], sessionMinutes: 480 },
      BreakGlassAdmin: { groups: ['00000000-0000-4000-8000-000000000002'], sessionMinutes: 60 },
      SensitiveApprover: { groups: ['00000000-0000-4000-8000-000000000003'], sessionMinutes: 60 },
      SecurityAuditor: { groups: ['00000000-0000-4000-8000-000000000004'], sessionMinutes: 240 },
    },
  },
  sensitiveAdministrators: ['arn:aws:iam::222222222222:role/sensitive-administrator'],
  approvers: ['ada@example.com', 'grace@example.com'],
  github: {
    repository: 'example/tenant-zero',
    platformEnvironment: 'staging',
    sensitiveEnvironment: 'staging-sensitive',
    createProvider: true,
  },
  alerts: { owner: 'owner@example.com', emails: ['alerts-staging@example.com'] },
  logs: { retentionDays: 90, auditLockDays: 30 },
};
