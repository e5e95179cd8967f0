/** Both parts of reading a sensitive secret. */
import type { Names } from '../names';
import type { Row } from './row';

export function readSecret({ prefix, region }: Names, secret: { readonly arn: string }): Row {
  return [
    {
      sid: 'ReadItsSecret',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secret.arn],
    },
    {
      sid: 'DecryptItsSecret',
      actions: ['kms:Decrypt'],
      conditions: {
        StringEquals: { 'kms:ViaService': [`secretsmanager.${region}.amazonaws.com`] },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [`alias/${prefix}-sensitive`] },
      },
    },
  ];
}
