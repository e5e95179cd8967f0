/** From an ARN, as a person or a policy writes it, to the resource of the estate that it means. */
import type { Estate, Target } from '../estate/estate';
import type { Caller } from '../evaluate/caller';

export class Lookup {
  private readonly byArn = new Map<string, Target>();
  private readonly accounts: ReadonlySet<string>;
  private readonly databases: readonly Target[];
  private readonly secrets: readonly Target[];
  private readonly keyOfAlias = new Map<string, string>();

  constructor({ targets, stacks }: Estate) {
    for (const each of targets) this.byArn.set(bare(each.arn), each);
    this.accounts = new Set(
      [...targets, ...stacks].map(({ account }) => account).filter((account) => account !== ''),
    );
    this.databases = targets.filter(
      ({ type, properties }) =>
        type === 'AWS::RDS::DBCluster' ||
        (type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier === undefined),
    );
    this.secrets = targets.filter(({ type }) => type === 'AWS::SecretsManager::Secret');
    for (const { type, properties, arn, account, region } of targets) {
      if (type !== 'AWS::KMS::Alias') continue;
      const key = targets.find(
        (each) =>
          each.arn === properties.TargetKeyId ||
          (each.name === properties.TargetKeyId && each.account === account && each.region === region),
      );
      if (key) this.keyOfAlias.set(arn, key.arn);
    }
  }

  /** The resource whose policy and keys count for a request to this ARN. */
  target(arn: string): Target | undefined {
    const exact = this.byArn.get(bare(arn));
    if (exact) return exact;
    switch (arn.split(':')[2]) {
      case 's3':
        return this.byArn.get(arn.split('/')[0] ?? '');
      case 'lambda':
      case 'logs':
        // Versions and aliases of a function, streams of a log group.
        return this.byArn.get(arn.split(':').slice(0, 7).join(':'));
      case 'secretsmanager':
        return this.secrets.find(
          (each) => withoutSuffix(each.arn) === withoutSuffix(arn) || withoutSuffix(each.arn) === arn,
        );
      default:
        return undefined;
    }
  }

  /**
   * The ARN that AWS asks the policies about: keys go by their own, not by their alias, unless it is the alias that is made,
   * moved or deleted; a secret by the one with its suffix, which in these templates is a stand-in for six random characters.
   */
  canonical(arn: string, action: string): string {
    const service = arn.split(':')[2];
    if (service === 'kms' && !/alias$/i.test(action)) return this.keyOfAlias.get(arn) ?? arn;
    if (service === 'rds-db') return this.loginOf(arn);
    return (service === 'secretsmanager' && this.target(arn)?.arn) || arn;
  }

  /** The id of a database is one that AWS gives out, and a stand-in here: where there is one database, it is that one. */
  private loginOf(arn: string): string {
    const [, place, user] =
      /^arn:[^:]+:rds-db:([^:]+:\d{12}):dbuser:(?:cluster|db)-[A-Z0-9]+\/(.+)$/.exec(arn) ?? [];
    const [only, another] = this.databases.filter(({ region, account }) => `${region}:${account}` === place);
    const id = only?.attribute('DBClusterResourceId') ?? only?.attribute('DbiResourceId');
    return id && !another ? arn.replace(/:dbuser:.*$/, `:dbuser:${id}/${user}`) : arn;
  }

  /**
   * Of a request to this ARN. Buckets say no account in theirs, nor does `*`; but a stranger who asks about `*` is asked
   * about the account that these templates are for, not about the one that they come from.
   */
  accountOf(arn: string, caller: Caller): string | undefined {
    if (/^\d{12}$/.test(arn.split(':')[4] ?? '')) return undefined;
    const owner = this.target(arn)?.account;
    if (owner !== undefined && owner !== '') return owner;
    return this.accounts.has(caller.account) ? undefined : [...this.accounts][0];
  }
}

/** Log groups are written with and without `:*`. */
const bare = (arn: string): string => (arn.endsWith(':*') ? arn.slice(0, -2) : arn);
const withoutSuffix = (arn: string): string => arn.replace(/-[A-Za-z0-9?]{6}$/, '');
