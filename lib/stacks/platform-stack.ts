/** What every stack of a stage has in common. */
import { DefaultStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeInlinePolicies } from '../nag/standing';
import { type Names, namesOf } from '../names';
import type { Stage } from '../stage';

/** Who deploys a stack: `sensitive` for what decides, hides or records access, `platform` for everything else. */
export type Deployer = keyof Stage['bootstrap'];

export interface PlatformStackProps {
  readonly stage: Stage;
  readonly deployer: Deployer;
  readonly description: string;
  /** @default - the stage's account and region */
  readonly env?: { readonly account: string; readonly region: string };
}

export class PlatformStack extends Stack {
  readonly deployer: Deployer;
  protected readonly names: Names;
  private readonly zones: string[];

  constructor(scope: Construct, id: string, { stage, deployer, description, env }: PlatformStackProps) {
    super(scope, id, {
      stackName: `tz-${stage.name}-${id.toLowerCase()}`,
      description,
      env: env ?? { account: stage.account, region: stage.region },
      synthesizer: new DefaultStackSynthesizer({ qualifier: stage.bootstrap[deployer] }),
      terminationProtection: stage.protection === 'retained',
    });
    this.deployer = deployer;
    this.names = namesOf(stage);
    this.zones = [...stage.network.availabilityZones];
    // Named, not referenced: the first stack makes it, and all others come after.
    PermissionsBoundary.of(this).apply(
      ManagedPolicy.fromManagedPolicyName(this, 'Boundary', this.names.boundary.name),
    );
    acknowledgeInlinePolicies(this);
    Tags.of(this).add('tenant-zero:stage', stage.name);
    Tags.of(this).add('tenant-zero:deployer', deployer);
  }

  /** As the stage names them: the parent class would ask AWS. */
  override get availabilityZones(): string[] {
    return this.zones;
  }
}
