/**
 * What a stage costs while nobody uses it: counted in its templates, times the list prices of eu-central-1 in US dollars.
 * Traffic, storage, logs, requests and tax come on top.
 */
import { resourcesOf, type SynthesizedTemplate, type TemplateResource } from './templates';

const HOURS = 730;

interface Line {
  readonly what: string;
  /** Of one, a month. */
  readonly price: number;
  readonly count: (resources: readonly TemplateResource[]) => number;
}

const ofType =
  (type: string, of: (properties: TemplateResource['Properties']) => number = () => 1) =>
  (resources: readonly TemplateResource[]) =>
    resources
      .filter(({ Type }) => Type === type)
      .reduce((sum, { Properties }) => sum + of(Properties ?? {}), 0);

/** Tasks that always run, in units of what the definition asks for. */
function tasks(
  resources: readonly TemplateResource[],
  unit: (definition: TemplateResource['Properties']) => number,
): number {
  const definitions = new Map(resources.map((each) => [each.id, each.Properties]));
  // A service that scales has no number of its own: it starts from the least that its target allows.
  const least = resources.find(
    ({ Type, Properties }) =>
      Type === 'AWS::ApplicationAutoScaling::ScalableTarget' && Properties.ServiceNamespace === 'ecs',
  )?.Properties.MinCapacity;
  return ofType('AWS::ECS::Service', ({ DesiredCount = least, TaskDefinition }) => {
    const definition = definitions.get(TaskDefinition?.Ref);
    if (definition === undefined || DesiredCount === undefined) {
      throw new Error('a service without a task definition of its own stack, or without a number of tasks');
    }
    return DesiredCount * unit(definition);
  })(resources);
}

const LINES: readonly Line[] = [
  {
    what: 'database: Aurora capacity unit, the least that always runs',
    price: 0.14 * HOURS,
    count: (resources) =>
      ofType(
        'AWS::RDS::DBCluster',
        ({ ServerlessV2ScalingConfiguration: scaling }) => scaling.MinCapacity,
      )(resources) * ofType('AWS::RDS::DBInstance')(resources),
  },
  { what: 'NAT gateway', price: 0.052 * HOURS, count: ofType('AWS::EC2::NatGateway') },
  {
    what: 'interface endpoint in one zone',
    price: 0.012 * HOURS,
    count: ofType('AWS::EC2::VPCEndpoint', ({ VpcEndpointType, SubnetIds }) =>
      VpcEndpointType === 'Interface' ? SubnetIds.length : 0,
    ),
  },
  { what: 'load balancer', price: 0.027 * HOURS, count: ofType('AWS::ElasticLoadBalancingV2::LoadBalancer') },
  {
    what: 'public address (load balancer, NAT)',
    price: 0.005 * HOURS,
    count: (resources) =>
      ofType('AWS::EC2::EIP')(resources) +
      ofType('AWS::ElasticLoadBalancingV2::LoadBalancer', ({ Subnets }) => Subnets.length)(resources),
  },
  {
    what: 'Fargate: one virtual CPU',
    price: 0.04656 * HOURS,
    count: (resources) => tasks(resources, ({ Cpu }) => Number(Cpu) / 1024),
  },
  {
    what: 'Fargate: one GiB of memory',
    price: 0.00511 * HOURS,
    count: (resources) => tasks(resources, ({ Memory }) => Number(Memory) / 1024),
  },
  {
    what: 'web application firewall: ACL and its rules',
    price: 1,
    count: ofType('AWS::WAFv2::WebACL', ({ Rules }) => 5 + Rules.length),
  },
  { what: 'key', price: 1, count: ofType('AWS::KMS::Key') },
  // The one of the master is made by RDS, and free.
  { what: 'secret', price: 0.4, count: ofType('AWS::SecretsManager::Secret') },
  { what: 'alarm', price: 0.1, count: ofType('AWS::CloudWatch::Alarm') },
  { what: 'dashboard', price: 3, count: ofType('AWS::CloudWatch::Dashboard') },
];

/** A table in Markdown: a line for each thing that costs by the month, a column for each stage. */
export function costTable(stages: Readonly<Record<string, readonly SynthesizedTemplate[]>>): string {
  const names = Object.keys(stages);
  const all = names.map((name) => resourcesOf(stages[name] ?? []));
  const rows = LINES.map(({ what, price, count }) => ({
    what,
    price,
    counts: all.map((resources) => count(resources)),
  }));
  const amount = (value: number) => `${Math.round(value)}`;
  const times = (count: number) => `${Number(count.toFixed(2))}`;
  const cells = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  const totals = names.map((_, i) =>
    rows.reduce((sum, { price, counts }) => sum + price * (counts[i] ?? 0), 0),
  );
  return [
    cells(['USD a month', 'each', ...names]),
    cells(['---', '--:', ...names.map(() => '--:')]),
    ...rows.map(({ what, price, counts }) =>
      cells([
        what,
        price.toFixed(2),
        ...counts.map((count) => (count === 0 ? '-' : `${times(count)} x = ${amount(price * count)}`)),
      ]),
    ),
    cells(['**while nobody uses it**', '', ...totals.map((total) => `**${amount(total)}**`)]),
    '',
  ].join('\n');
}
