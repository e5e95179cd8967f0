/** What a function with power may do with sensitive secrets: its half; the other stands in the key and the secrets. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** `arns`: patterns. */
export function mayReadSecrets(role: Role, key: IKey, arns: readonly string[]): void {
  allow(role, 'ReadSecrets', ['secretsmanager:GetSecretValue'], [...arns]);
  useKey(role, key, ['kms:Decrypt']);
}

/** Makes new versions, and makes them the current ones. */
export function mayRotateSecrets(role: Role, key: IKey, arns: readonly string[]): void {
  allow(
    role,
    'RotateSecrets',
    [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    [...arns],
  );
  useKey(role, key, ['kms:Decrypt', 'kms:GenerateDataKey']);
}

/** Reads the first; reads and replaces the second, whose newest value is always the current one. */
export function mayReplaceSecrets(
  role: Role,
  key: IKey,
  { read, replaced }: { readonly read: readonly string[]; readonly replaced: readonly string[] },
): void {
  allow(role, 'ReadSecrets', ['secretsmanager:GetSecretValue'], [...read]);
  allow(
    role,
    'ReplaceSecrets',
    ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
    [...replaced],
  );
  useKey(role, key, ['kms:Decrypt', 'kms:GenerateDataKey']);
}

function useKey(role: Role, key: IKey, actions: string[]): void {
  const service = `secretsmanager.${Stack.of(role).region}.amazonaws.com`;
  allow(role, 'UseKeyForSecrets', actions, [key.keyArn], { StringEquals: { 'kms:ViaService': service } });
}

function allow(role: Role, sid: string, actions: string[], resources: string[], conditions = {}): void {
  role.addToPrincipalPolicy(new PolicyStatement({ sid, actions, resources, conditions }));
}
