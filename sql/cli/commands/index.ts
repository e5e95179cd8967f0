/** Every command, in the order in which one meets them. Adding one: a file here, a line here, a section in docs/cli.md. */
import type { CommandSpec } from '../context';
import { advise } from './advise';
import { apply } from './apply';
import { check } from './check';
import { explain } from './explain';
import { init } from './init';
import { plan } from './plan';
import { status } from './status';
import { verify } from './verify';

export const commands: readonly CommandSpec[] = [
  init,
  plan,
  apply,
  verify,
  check,
  explain,
  advise,
  status,
] as readonly CommandSpec<never>[] as readonly CommandSpec[];
