/** Secrets Manager in memory: versions and stages as rotation moves them. */
import { randomUUID } from 'node:crypto';
import { type Answers, AwsError } from './aws-endpoint';

interface Version {
  value?: string;
  stages: string[];
}

export class MemorySecrets {
  private readonly secrets = new Map<string, Map<string, Version>>();
  readonly rotating = new Set<string>();

  add(name: string, value: string): void {
    this.secrets.set(name, new Map([[randomUUID(), { value, stages: ['AWSCURRENT'] }]]));
  }

  value(name: string, stage = 'AWSCURRENT'): string | undefined {
    return this.find(name, stage)?.[1].value;
  }

  /** What Secrets Manager does before it calls the function: an empty version that is pending. */
  begin(name: string): string {
    const version = randomUUID();
    for (const each of this.of(name).values())
      each.stages = each.stages.filter((stage) => stage !== 'AWSPENDING');
    this.of(name).set(version, { stages: ['AWSPENDING'] });
    this.rotating.add(name);
    return version;
  }

  /** For `awsEndpoint`. */
  get answers(): Answers {
    return {
      DescribeSecret: ({ SecretId }) => ({
        Name: SecretId,
        RotationEnabled: this.rotating.has(SecretId),
        VersionIdsToStages: Object.fromEntries(
          [...this.of(SecretId)].map(([id, { stages }]) => [id, stages]),
        ),
      }),
      GetSecretValue: ({ SecretId, VersionStage = 'AWSCURRENT', VersionId }) => {
        const found = this.find(SecretId, VersionStage);
        if (!found || found[1].value === undefined || (VersionId && VersionId !== found[0])) {
          throw new AwsError('ResourceNotFoundException', 'there is no such version');
        }
        return { Name: SecretId, VersionId: found[0], SecretString: found[1].value };
      },
      PutSecretValue: ({ SecretId, ClientRequestToken, SecretString, VersionStages }) => {
        const versions = this.of(SecretId);
        for (const each of versions.values()) {
          each.stages = each.stages.filter((stage) => !VersionStages.includes(stage));
        }
        versions.set(ClientRequestToken, { value: SecretString, stages: [...VersionStages] });
        return { VersionId: ClientRequestToken };
      },
      UpdateSecretVersionStage: ({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }) => {
        const versions = this.of(SecretId);
        const from = versions.get(RemoveFromVersionId);
        if (!from?.stages.includes(VersionStage)) {
          throw new AwsError('InvalidParameterException', 'the stage is not there');
        }
        from.stages = ['AWSPREVIOUS'];
        versions.get(MoveToVersionId)?.stages.push(VersionStage);
        return {};
      },
    };
  }

  private of(name: string): Map<string, Version> {
    const found = this.secrets.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `there is no secret ${name}`);
    return found;
  }

  private find(name: string, stage: string): [string, Version] | undefined {
    return [...this.of(name)].find(([, { stages }]) => stages.includes(stage));
  }
}
