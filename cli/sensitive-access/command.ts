/** Commands of `sensitive-access`. */
import { commandsOf } from '../approvals/command';

export { type CommonOptions, running, type Session, type Shell } from '../approvals/session';

export const command = commandsOf({
  program: 'sensitive-access',
  local: 'the endpoints that npm start runs',
});
