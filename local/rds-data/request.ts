/** What callers send: the members of the Data API that are emulated. Anything else is refused, not ignored. */
import { z } from 'zod';
import { DataApiFault } from './faults';

const field = z.union([
  z.strictObject({ isNull: z.literal(true) }),
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ longValue: z.int() }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ booleanValue: z.boolean() }),
  /** Base64, as the SDK sends bytes. */
  z.strictObject({ blobValue: z.base64() }),
]);
export type ParameterField = z.infer<typeof field>;

const parameter = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/),
  value: field,
  typeHint: z.enum(['DATE', 'DECIMAL', 'JSON', 'TIME', 'TIMESTAMP', 'UUID']).optional(),
});
export type Parameter = z.infer<typeof parameter>;

const place = { resourceArn: z.string(), secretArn: z.string() };

export const executeInput = z.strictObject({
  ...place,
  sql: z.string().min(1).max(65_536),
  database: z.string().optional(),
  parameters: z.array(parameter).optional(),
  transactionId: z.string().optional(),
  includeResultMetadata: z.boolean().optional(),
  continueAfterTimeout: z.boolean().optional(),
  formatRecordsAs: z.enum(['NONE', 'JSON']).optional(),
  resultSetOptions: z
    .strictObject({
      decimalReturnType: z.enum(['STRING', 'DOUBLE_OR_LONG']).optional(),
      longReturnType: z.enum(['LONG', 'STRING']).optional(),
    })
    .optional(),
});
export type ExecuteInput = z.infer<typeof executeInput>;

export const beginInput = z.strictObject({ ...place, database: z.string().optional() });
export const endInput = z.strictObject({ ...place, transactionId: z.string() });

/** @throws DataApiFault `BadRequestException` */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DataApiFault('BadRequestException', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}
