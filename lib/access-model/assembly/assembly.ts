/** The shapes of an assembly: as it was read, and with every intrinsic function replaced by its value. */
import type { Unresolved } from './unresolved';

/** A CloudFormation template, as far as this model looks into it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface TemplateParameter {
  readonly Type?: string;
  readonly Default?: unknown;
}

export interface TemplateOutput {
  readonly Value?: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name?: unknown };
}

/** What a CDK stack says about who deploys it. ARNs, with the account and region in place. */
export interface Deployment {
  /** Assumed by the CDK's command line. */
  readonly deployRole?: string;
  /** Assumed by CloudFormation. */
  readonly executionRole?: string;
  readonly lookupRole?: string;
  /** Assumed to write files and images, and where they are written. */
  readonly publishingRoles: readonly string[];
  readonly assetBuckets: readonly string[];
  readonly assetRepositories: readonly string[];
}

/** A stack as it was read: nothing is interpreted yet. */
export interface RawStack {
  /** The artifact id, `Parent/LogicalId` for a nested stack, the file name for a template without a manifest. */
  readonly id: string;
  /** Of the stack in CloudFormation. */
  readonly name: string;
  /** Twelve digits; `''` where the assembly does not say. */
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly deployment?: Deployment;
  /** A nested stack takes its parameters from the resource that makes it. */
  readonly nested?: { readonly parent: string; readonly logicalId: string };
}

export interface Assembly {
  /** For messages. */
  readonly directory: string;
  readonly stacks: readonly RawStack[];
}

export interface Resource {
  /** `Stack.LogicalId`: unique in the assembly. */
  readonly id: string;
  readonly stack: ResolvedStackHead;
  readonly logicalId: string;
  /** `AWS::S3::Bucket`. */
  readonly type: string;
  /** Without intrinsic functions, and without properties that a condition leaves out. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Ref` gives. */
  readonly ref: string;
  /** Where the type has one. */
  readonly arn?: string;
  /** Of the construct, `Data/Database/Cluster/Resource`. */
  readonly path?: string;
  /** Whether its condition holds is not known: all that it gives or takes holds perhaps. */
  readonly perhaps?: boolean;
}

export interface ResolvedStackHead {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, from the region. */
  readonly partition: string;
  readonly deployment?: Deployment;
}

/** All resources with concrete values. The same assembly gives the same result, byte for byte. */
export interface Resolved {
  readonly stacks: readonly ResolvedStackHead[];
  /** Without those that a condition leaves out. */
  readonly resources: readonly Resource[];
  readonly unresolved: readonly Unresolved[];
}
