/** One assembly, ready to be asked anything: who there is, what they can do, whom they can become. */
import type { Assembly } from '../assembly/assembly';
import { placed } from '../assembly/placed';
import { resolve } from '../assembly/resolve';
import type { Capability } from '../capabilities/capability';
import { catalog } from '../capabilities/catalog';
import { Holder } from '../capabilities/hold';
import { estateOf } from '../estate/build';
import type { Estate } from '../estate/estate';
import { Model } from '../questions/model';
import { Graph } from '../reach/graph';

export interface Analysis {
  readonly estate: Estate;
  readonly model: Model;
  readonly capabilities: readonly Capability[];
  readonly holder: Holder;
  readonly graph: Graph;
}

/** Where stacks lie that do not say where, and nobody else does: an account that is nobody's. */
const STAND_IN = { account: '000000000000', region: 'us-east-1' };

export const analyse = (assembly: Assembly): Analysis =>
  analyseEstate(estateOf(resolve(placed(assembly, STAND_IN))));

/** Nothing is computed before it is asked for. */
export function analyseEstate(estate: Estate): Analysis {
  const model = new Model(estate);
  const holder = new Holder(model);
  return { estate, model, capabilities: catalog(estate), holder, graph: new Graph(holder) };
}
