/** Sensitive access over time: who asked, who answered, what is open, and who went around. */
import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { METRICS } from '../../lambda/approvals/contract';
import { approvalMetric } from './approval-alarms';
import { detected } from './detection';

export interface SensitiveAccessDashboardProps {
  readonly prefix: string;
  readonly stageName: string;
  /** Counts every shell that was opened. */
  readonly shellsOpened: IMetric;
  /** Counts every read of a sensitive secret, by machines too. */
  readonly secretReads: IMetric;
}

export class SensitiveAccessDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: SensitiveAccessDashboardProps) {
    super(scope, id, {
      dashboardName: `${props.prefix}-sensitive-access`,
      defaultInterval: Duration.days(28),
    });
    const approvals = (name: keyof typeof METRICS.names, statistic = 'Sum') =>
      approvalMetric(props.stageName, name, { statistic, period: Duration.hours(1) }).with({ label: name });
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
    this.addWidgets(
      new TextWidget({ markdown: `# Sensitive access: ${props.stageName}`, width: 24, height: 1 }),
      graph(
        'Requests, approvals, denials',
        approvals('requests'),
        approvals('approvals'),
        approvals('denials'),
      ),
      graph('Grants alive', approvals('grantsAlive', 'Maximum')),
      graph('Revocations', approvals('revocations')),
      graph(
        'Broken glass, and what nobody has looked at yet',
        approvals('breakGlass'),
        approvals('reviewsOpen', 'Maximum'),
      ),
      graph('Shells opened', props.shellsOpened),
      graph('Reads of sensitive secrets', props.secretReads, detected(props.prefix, 'sensitive-secret-read')),
      graph(
        'Out of the ordinary',
        approvals('codesRefused'),
        approvals('unusualHours'),
        approvals('unexpectedPrincipals'),
        approvals('notificationsLost'),
      ),
      graph(
        'Ways round',
        ...[
          'execute-command-outside-support-cluster',
          'shell-around-transcripts',
          'break-glass-login',
          'sensitive-key-denied',
        ].map((section) => detected(props.prefix, section)),
      ),
    );
  }
}
