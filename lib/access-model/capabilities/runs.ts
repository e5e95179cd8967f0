/** What runs: code, images, templates, tasks, settings, and who may call a function. */
import type { Estate, Target } from '../estate/estate';
import { record, text, texts } from '../estate/properties';
import type { Capability } from './capability';
import { anyOf, arns, objectsOf, ofType, shortName, somewhere, step, whereabouts } from './ways';

export function runCapabilities(estate: Estate): Capability[] {
  const functions = ofType(estate, 'AWS::Lambda::Function');
  const stacks = estate.stacks.flatMap(({ partition, region, account, name }) => [
    `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/00000000-0000-0000-0000-000000000000`,
  ]);
  return [
    ...functions.map(
      (each): Capability => ({
        id: `function:${shortName(each)}`,
        title: `call the function ${shortName(each)}`,
        group: 'what runs',
        place: whereabouts(each),
        ways: anyOf(['lambda:InvokeFunction'], [each.arn]),
      }),
    ),
    {
      id: 'function:code',
      title: 'change the code or the settings of a function, or who calls it',
      group: 'what runs',
      ways: [
        ...anyOf(
          [
            'lambda:UpdateFunctionCode',
            'lambda:UpdateFunctionConfiguration',
            'lambda:AddPermission',
            'lambda:RemovePermission',
            'lambda:DeleteFunction',
            'lambda:CreateFunctionUrlConfig',
            'lambda:PutFunctionConcurrency',
          ],
          arns(functions),
        ),
        ...anyOf(['lambda:CreateFunction'], somewhere(estate, 'lambda', 'function:a-new-function')),
      ],
    },
    {
      id: 'service:change',
      title: 'change what runs as a task, or run one',
      group: 'what runs',
      ways: [
        ...anyOf(
          ['ecs:UpdateService', 'ecs:DeleteService', 'ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet'],
          arns(ofType(estate, 'AWS::ECS::Service')),
        ),
        ...anyOf(['ecs:RunTask', 'ecs:StartTask'], arns(ofType(estate, 'AWS::ECS::TaskDefinition'))),
        ...anyOf(['ecs:CreateService'], somewhere(estate, 'ecs', 'service/any-cluster/a-new-service')),
        ...anyOf(['ecs:RegisterTaskDefinition'], somewhere(estate, 'ecs', 'task-definition/a-new-family:1')),
        ...anyOf(
          ['ecs:UpdateCluster', 'ecs:PutClusterCapacityProviders', 'ecs:DeleteCluster'],
          arns(ofType(estate, 'AWS::ECS::Cluster')),
        ),
      ],
    },
    {
      id: 'image:replace',
      title: 'put an image where tasks take theirs from, or remove one',
      group: 'what runs',
      ways: anyOf(
        [
          'ecr:PutImage',
          'ecr:BatchDeleteImage',
          'ecr:PutImageTagMutability',
          'ecr:SetRepositoryPolicy',
          'ecr:DeleteRepository',
          'ecr:PutLifecyclePolicy',
        ],
        arns(ofType(estate, 'AWS::ECR::Repository')).filter((arn) => !arn.includes('/cdk-')),
      ),
    },
    {
      id: 'stack:change',
      title: 'change or delete a stack',
      group: 'what runs',
      ways: anyOf(
        [
          'cloudformation:UpdateStack',
          'cloudformation:CreateChangeSet',
          'cloudformation:ExecuteChangeSet',
          'cloudformation:DeleteStack',
          'cloudformation:SetStackPolicy',
          'cloudformation:RollbackStack',
          'cloudformation:ContinueUpdateRollback',
        ],
        stacks,
      ),
    },
    {
      id: 'asset:write',
      title: 'write where deploys take code and templates from',
      group: 'what runs',
      ways: [
        ...anyOf(['s3:PutObject'], assetBuckets(estate).flatMap(objectsOf)),
        ...anyOf(['s3:PutBucketPolicy'], assetBuckets(estate)),
      ],
    },
    {
      id: 'configuration:write',
      title: 'change configuration that services read',
      group: 'what runs',
      ways: anyOf(
        ['ssm:PutParameter', 'ssm:DeleteParameter'],
        arns(ofType(estate, 'AWS::SSM::Parameter')).filter((arn) => !arn.includes('/cdk-bootstrap/')),
      ),
    },
    {
      id: 'network:open',
      title: 'open the network: security groups, routes, endpoints, peering',
      group: 'what runs',
      ways: [
        ...anyOf(
          ['ec2:AuthorizeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupEgress'],
          arns(ofType(estate, 'AWS::EC2::SecurityGroup')),
        ),
        ...anyOf(['ec2:CreateRoute', 'ec2:ReplaceRoute'], arns(ofType(estate, 'AWS::EC2::RouteTable'))),
        ...anyOf(
          ['ec2:ModifyVpcEndpoint', 'ec2:DeleteVpcEndpoints'],
          arns(ofType(estate, 'AWS::EC2::VPCEndpoint')),
        ),
        ...anyOf(
          ['ec2:CreateVpcPeeringConnection', 'ec2:ModifyVpcAttribute'],
          arns(ofType(estate, 'AWS::EC2::VPC')),
        ),
        ...anyOf(['rds:ModifyDBSubnetGroup'], arns(ofType(estate, 'AWS::RDS::DBSubnetGroup'))),
      ],
    },
    ...namedFunctions(estate, functions),
  ];
}

/** ARNs of the buckets that stacks are deployed from, those of the CDK and those that functions name. */
export function assetBuckets({ stacks, targets }: Pick<Estate, 'stacks' | 'targets'>): string[] {
  const ofStacks = stacks.flatMap(({ deployment, partition }) =>
    (deployment?.assetBuckets ?? []).map((name) => bucketArn(partition, name)),
  );
  const ofFunctions = targets
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .flatMap(({ properties, stack }) => {
      const name = text(record(properties.Code).S3Bucket);
      return name === undefined ? [] : [bucketArn(stack.partition, name)];
    });
  return [...new Set([...ofStacks, ...ofFunctions])].sort();
}

const bucketArn = (partition: string, name: string): string => `arn:${partition}:s3:::${name}`;

/** Functions that a policy names before any template makes them: who may call them is decided already. */
function namedFunctions({ principals }: Estate, functions: readonly Target[]): Capability[] {
  const named = principals
    .flatMap(({ identity }) => [...identity])
    .flatMap(({ statements }) => statements)
    .filter(
      ({ effect, actions, notActions }) =>
        effect === 'Allow' && !notActions && texts(actions).includes('lambda:InvokeFunction'),
    )
    .flatMap(({ resources, notResources }) => (notResources ? [] : resources))
    .filter(
      (arn) => /^arn:[^*?⟦]+:function:[\w-]+$/.test(arn) && !functions.some((each) => each.arn === arn),
    );
  return [...new Set(named)].sort().map((arn) => {
    const [, , , region = '', account = '', , name = ''] = arn.split(':');
    return {
      id: `function:${name}`,
      title: `call the function ${name}, which no template here makes`,
      group: 'what runs',
      place: { account, region, id: arn },
      ways: [{ steps: [step('lambda:InvokeFunction', arn)] }],
    };
  });
}
