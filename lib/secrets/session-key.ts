/**
 * The key of shell sessions: encrypts what goes between a person's terminal and the task. A key of its own, for whoever
 * may open a shell must be able to use it, and must not be able to read a secret.
 */
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GuardedKey, type GuardedKeyProps } from './guarded-key';
import { rolesOf } from './principals';

export interface SessionKeyProps extends GuardedKeyProps {
  /** Roles of people who may open a shell, as patterns. */
  readonly people: readonly string[];
  /** Role of the task that the shell runs in. */
  readonly task: string;
}

export class SessionKey extends GuardedKey {
  constructor(scope: Construct, id: string, props: SessionKeyProps) {
    super(scope, id, props);
    const { account } = Stack.of(this);
    const { people, task } = props;
    this.allow({
      sid: 'OpenSessions',
      principals: [rolesOf(account, people)],
      actions: ['kms:GenerateDataKey'],
    });
    this.allow({ sid: 'ServeSessions', principals: [rolesOf(account, [task])], actions: ['kms:Decrypt'] });
  }
}
