/** What people may look at who keep the platform running: states and figures, no data, no code, no policy. */
import type { Permission } from './row';

export const DIAGNOSTICS: Permission = {
  sid: 'Diagnostics',
  actions: [
    'application-autoscaling:Describe*',
    'cloudwatch:Describe*',
    'cloudwatch:Get*',
    'cloudwatch:List*',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcEndpoints',
    'ec2:DescribeVpcs',
    'ecr:DescribeImages',
    'ecr:DescribeRepositories',
    'ecs:Describe*',
    'ecs:List*',
    'elasticloadbalancing:Describe*',
    'lambda:GetFunctionConfiguration',
    'lambda:ListFunctions',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'rds:DescribeDBClusters',
    'rds:DescribeDBInstances',
    'rds:DescribeEvents',
    'servicequotas:Get*',
    'servicequotas:List*',
    'sts:GetCallerIdentity',
    // Not `Get*`: sampled requests show the headers of live ones, tokens and cookies among them.
    'wafv2:GetLoggingConfiguration',
    'wafv2:GetWebACL',
    'wafv2:GetWebACLForResource',
    'wafv2:List*',
  ],
};
