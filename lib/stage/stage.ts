/** A stage: where the platform is deployed, how large, for whom. */
import type { z } from 'zod';
import type { stageShape } from './shape';

/** As written in `bin/stages/`: nothing has been checked but the types. */
export type StageLiteral = z.input<typeof stageShape>;

declare const parsed: unique symbol;

/** Only `parseStage` makes one: every value has the form that it should, and they fit together. */
export type Stage = z.output<typeof stageShape> & { readonly [parsed]: true };

export type Persona = keyof Stage['identityCenter']['personas'];

export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** Names of approvers: of their secrets, and as the commands take them. */
export function approversOf({ approvers }: Pick<Stage, 'approvers'>): string[] {
  return approvers.map((login) => login.slice(0, login.indexOf('@')));
}

/** Everybody who hears of what rings, each once. */
export function heardBy({ alerts, approvers }: Pick<Stage, 'alerts' | 'approvers'>): string[] {
  return [...new Set([...alerts.emails, alerts.owner, ...approvers])];
}

/** Where stacks of a deployer stand, each once: Identity Center and the organization may be administered elsewhere. */
export function environmentsOf(stage: Stage, deployer: keyof Stage['bootstrap']): Environment[] {
  const elsewhere = deployer === 'sensitive' ? [stage.identityCenter, stage.organization] : [];
  const all = [stage, ...elsewhere].flatMap((each) =>
    each ? [{ account: each.account, region: each.region }] : [],
  );
  return all.filter(
    ({ account, region }, i) =>
      all.findIndex((each) => each.account === account && each.region === region) === i,
  );
}
