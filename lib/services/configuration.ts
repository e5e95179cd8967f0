/** What an engineer may change without a deploy: one parameter for each key of the image's contract. */
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { CONFIGURATION } from '../../app/contract';

export interface ConfigurationProps {
  /** Name of the parameter of a key. */
  readonly parameterName: (key: string) => string;
}

export class Configuration extends Construct {
  /** For a container: read when a task starts, so a change takes effect with a restart. */
  readonly variables: Record<string, Secret>;

  constructor(scope: Construct, id: string, { parameterName }: ConfigurationProps) {
    super(scope, id);
    this.variables = Object.fromEntries(
      Object.entries(CONFIGURATION).map(([key, { variable, default: stringValue, pattern }]) => {
        const parameter = new StringParameter(this, key, {
          parameterName: parameterName(key),
          description: `Non-sensitive configuration of the backend: ${key}`,
          stringValue,
          // The image refuses anything else as well: whoever overwrites a parameter may overwrite its pattern.
          allowedPattern: pattern,
        });
        return [variable, Secret.fromSsmParameter(parameter)];
      }),
    );
  }
}
