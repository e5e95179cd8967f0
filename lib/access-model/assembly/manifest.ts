/** What the manifest of a CDK cloud assembly says, without reading anything. */
import type { Deployment } from './assembly';
import { partitionOf, urlSuffixOf } from './partition';
import { isRecord } from './template';
import { mark } from './unresolved';

export interface Artifact {
  readonly id: string;
  readonly type: string;
  readonly environment?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
}

export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** A destination of assets: a bucket or a repository, and the role that writes to it. */
export interface Destination {
  readonly role?: string;
  readonly bucket?: string;
  readonly repository?: string;
  readonly region?: string;
}

/** A file of the assembly, and the name under which it is published. */
export interface Asset {
  readonly file: string;
  readonly key: string;
}

/** In the order of the manifest; entries that are no artifacts are left out. */
export function artifactsOf(manifest: unknown): Artifact[] {
  const artifacts = isRecord(manifest) && isRecord(manifest.artifacts) ? manifest.artifacts : {};
  return Object.entries(artifacts).flatMap(([id, given]) => {
    if (!isRecord(given) || typeof given.type !== 'string') return [];
    return [
      {
        id,
        type: given.type,
        environment: textOf(given.environment),
        properties: isRecord(given.properties) ? given.properties : {},
        dependencies: Array.isArray(given.dependencies) ? given.dependencies.map(String) : [],
      },
    ];
  });
}

/** `aws://111111111111/eu-central-1`; `''` for what the app left to the moment of the deployment. */
export function environmentOf(text: string | undefined): Environment {
  const [account = '', region = ''] = (text ?? '').replace(/^aws:\/\//, '').split('/');
  return {
    account: account === 'unknown-account' ? '' : account,
    region: region === 'unknown-region' ? '' : region,
  };
}

/** Of an asset manifest: the destinations of its files and of its images. */
export function destinationsOf(assetManifest: unknown): Destination[] {
  if (!isRecord(assetManifest)) return [];
  return [assetManifest.files, assetManifest.dockerImages].flatMap((assets) =>
    membersOf(assets).flatMap((asset) =>
      membersOf(asset.destinations).map((destination) => ({
        role: textOf(destination.assumeRoleArn),
        bucket: textOf(destination.bucketName),
        repository: textOf(destination.repositoryName),
        region: textOf(destination.region),
      })),
    ),
  );
}

export function assetsOf(assetManifest: unknown): Asset[] {
  return membersOf(isRecord(assetManifest) ? assetManifest.files : undefined).flatMap((asset) => {
    const file = isRecord(asset.source) ? textOf(asset.source.path) : undefined;
    const keys = membersOf(asset.destinations).map(({ objectKey }) => textOf(objectKey));
    return keys.flatMap((key) => (file && key ? [{ file, key }] : []));
  });
}

export function deploymentOf(
  artifact: Artifact,
  environment: Environment,
  destinations: readonly Destination[],
): Deployment {
  const { properties } = artifact;
  const lookup = isRecord(properties.lookupRole) ? properties.lookupRole.arn : undefined;
  const here = (value: unknown) => placed(textOf(value), environment);
  const at = (key: 'role' | 'bucket' | 'repository') =>
    unique(
      destinations.map((each) =>
        placed(each[key], { ...environment, region: each.region || environment.region }),
      ),
    );
  return {
    deployRole: here(properties.assumeRoleArn),
    executionRole: here(properties.cloudFormationExecutionRoleArn),
    lookupRole: here(lookup),
    publishingRoles: at('role'),
    assetBuckets: at('bucket'),
    assetRepositories: at('repository'),
  };
}

/** A placeholder without a value becomes a mark, so that no ARN has an empty account by accident. */
function placed(text: string | undefined, { account, region }: Environment): string | undefined {
  const values: Readonly<Record<string, string>> = {
    AccountId: account || mark('the account of the stack is not known'),
    Region: region || mark('the region of the stack is not known'),
    Partition: partitionOf(region),
    URLSuffix: urlSuffixOf(region),
  };
  return text?.replaceAll(/\$\{AWS::(\w+)\}/g, (_, name: string) => values[name] ?? mark(`AWS::${name}`));
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const membersOf = (value: unknown) => (isRecord(value) ? Object.values(value).filter(isRecord) : []);

const unique = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.filter((text) => text !== undefined)),
];
