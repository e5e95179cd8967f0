/** A stage: where the platform is deployed, how large, for whom. */
import type { z } from 'zod';
import type { stageShape } from './shape';

/** As written in `bin/stages/`: nothing has been checked but the types. */
export type StageLiteral = z.input<typeof stageShape>;

declare const parsed: unique symbol;

/** Only `parseStage` makes one: every value has the form that it should, and they fit together. */
export type Stage = z.output<typeof stageShape> & { readonly [parsed]: true };

export type Persona = keyof Stage['identityCenter']['personas'];
