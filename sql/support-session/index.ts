/** The support session in Postgres: what is the same in the container and on one machine. */
export { proveRestricted } from './prove';
export { type Opened, redeem, SUPPORT_LOGIN, sessionOptions, sessionSettings, TICKET } from './session';
