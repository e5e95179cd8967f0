import type { RuleCase } from '../case';
import { code } from './code';
import { constraints } from './constraints';
import { guard } from './guard';
import { policies } from './policies';
import { privileges } from './privileges';
import { protection } from './protection';
import { roles } from './roles';
import { settings } from './settings';
import { triggers } from './triggers';

export const cases: readonly RuleCase[] = [
  ...protection,
  ...policies,
  ...triggers,
  ...roles,
  ...settings,
  ...privileges,
  ...guard,
  ...code,
  ...constraints,
];
