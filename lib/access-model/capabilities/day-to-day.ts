/** What a day's work needs, and what shows too much nowhere. */
import type { Estate } from '../estate/estate';
import type { Capability } from './capability';
import type { Classes } from './classes';
import { serviceName } from './data';
import { servicesOf } from './tasks';
import { anyOf, arns, ofType, step, streamsOf, whereabouts } from './ways';

export function dailyCapabilities(estate: Estate, { logGroups }: Classes): Capability[] {
  const services = servicesOf(estate);
  return [
    {
      id: 'look',
      title: 'look at services and alarms',
      group: 'day to day',
      ways: [
        {
          steps: [
            ...(services.length > 0 ? [step('ecs:DescribeServices', services[0]?.service.arn)] : []),
            step('cloudwatch:DescribeAlarms'),
          ],
        },
      ],
    },
    {
      id: 'logs:read',
      title: 'read logs that are not sensitive',
      group: 'day to day',
      ways: logGroups.ordinary.flatMap(({ arn }) =>
        anyOf(['logs:FilterLogEvents', 'logs:StartQuery'], [arn.replace(/:\*$/, '')]),
      ),
    },
    {
      id: 'logs:write',
      title: 'write logs',
      group: 'day to day',
      ways: [...logGroups.ordinary, ...logGroups.sensitive].flatMap(({ arn }) =>
        anyOf(['logs:PutLogEvents'], streamsOf(arn)),
      ),
    },
    ...services.map(
      ({ service, taskArn }): Capability => ({
        id: `restart:${serviceName(service)}`,
        title: `restart tasks of ${serviceName(service)}`,
        group: 'day to day',
        place: whereabouts(service),
        ways: [{ steps: [step('ecs:StopTask', taskArn)] }],
      }),
    ),
    {
      id: 'configuration:read',
      title: 'read configuration that services read',
      group: 'day to day',
      ways: anyOf(
        ['ssm:GetParameter', 'ssm:GetParameters'],
        arns(ofType(estate, 'AWS::SSM::Parameter')).filter((arn) => !arn.includes('/cdk-bootstrap/')),
      ),
    },
  ];
}
