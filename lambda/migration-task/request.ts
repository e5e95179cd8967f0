/** What CloudFormation sends, by way of the provider framework of the CDK. */
import { z } from 'zod';
import { ATTRIBUTES, PROPERTIES } from './contract';

const text = z.string().min(1);
const texts = z.array(text).min(1);

const properties = z
  .object({
    [PROPERTIES.cluster]: text,
    [PROPERTIES.taskDefinition]: text,
    [PROPERTIES.container]: text,
    [PROPERTIES.subnets]: texts,
    [PROPERTIES.securityGroups]: texts,
    [PROPERTIES.logGroup]: text,
    [PROPERTIES.logStreamPrefix]: text,
  })
  .transform((given) => ({
    cluster: given.Cluster,
    taskDefinition: given.TaskDefinition,
    container: given.Container,
    subnets: given.Subnets,
    securityGroups: given.SecurityGroups,
    logGroup: given.LogGroup,
    logStreamPrefix: given.LogStreamPrefix,
  }));

export type Migration = z.output<typeof properties>;

const request = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  RequestId: text,
  ResourceProperties: z.unknown(),
  PhysicalResourceId: z.string().optional(),
  Data: z.object({ [ATTRIBUTES.task]: text }).optional(),
});

export type Request = z.output<typeof request>;

/** @throws {Error} that names what is wrong with the request */
export function parseRequest(event: unknown): Request {
  return parse(request, event, 'the request');
}

/** @throws {Error} that names the properties which are missing */
export function parseMigration(event: Request): Migration {
  return parse(properties, event.ResourceProperties, 'the resource');
}

function parse<T>(shape: z.ZodType<T>, given: unknown, what: string): T {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`);
  throw new Error(`${what} is wrong: ${problems.join('; ')}`);
}
