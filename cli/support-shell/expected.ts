/** What a shell must be entered in, by name: the same names that the stacks give. Compared exactly, never searched for. */

export const SERVICES = ['support-shell', 'backend'] as const;
export type Service = (typeof SERVICES)[number];

export interface Place {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
}

export interface Expected extends Place {
  readonly service: Service;
  readonly cluster: { readonly name: string; readonly arn: string };
  readonly serviceArn: string;
  readonly family: string;
  /** Name of the one container that is entered. */
  readonly container: string;
  readonly taskRole: string;
  readonly executionRole: string;
}

export function expectedOf(service: Service, place: Place): Expected {
  const { stage, account, region } = place;
  const prefix = `tz-${stage}`;
  const cluster = `${prefix}-${service === 'support-shell' ? 'support' : 'main'}`;
  const ecs = `arn:aws:ecs:${region}:${account}`;
  const role = (suffix: string) => `arn:aws:iam::${account}:role/${prefix}-${service}-${suffix}`;
  return {
    ...place,
    service,
    cluster: { name: cluster, arn: `${ecs}:cluster/${cluster}` },
    serviceArn: `${ecs}:service/${cluster}/${service}`,
    family: service === 'support-shell' ? cluster : `${cluster}-${service}`,
    container: service,
    taskRole: role('task'),
    executionRole: role('execution'),
  };
}
