/** Whose credentials sign: those of an AWS profile, or of somebody of the demo on this machine. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { CommandError } from '../../sql/db/errors';
import type { Credentials } from './sign';

export type CredentialsProvider = () => Promise<Credentials>;

/** Environment, SSO, profiles, as for every tool of AWS; read once, and again before they expire. */
export function awsCredentials(profile: string | undefined): CredentialsProvider {
  return fromNodeProviderChain(profile === undefined ? {} : { profile });
}

/** People by name, each with their credentials: what `npm start` leaves behind. */
export type People = Readonly<Record<string, Credentials>>;

/** @throws {CommandError} when nobody is named, or nobody is called so */
export function localCredentials(people: People, profile: string | undefined): CredentialsProvider {
  const names = `--profile ${Object.keys(people).join(', ')}`;
  if (profile === undefined)
    throw new CommandError('profile-missing', '--local needs to know who you are', names);
  const person = Object.hasOwn(people, profile) ? people[profile] : undefined;
  if (person === undefined)
    throw new CommandError('profile-unknown', `nobody on this machine is called ${profile}`, names);
  const { accessKeyId, secretAccessKey, sessionToken } = person;
  return async () => ({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
}
