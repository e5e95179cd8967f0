/** What a service on this machine is: it reads what is asked of whom, and answers. Who may ask is decided between the two. */
import type { Principal } from './people';

export interface AwsRequest {
  readonly method: string;
  /** As it was sent: still encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AwsReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** How errors are written, and what those of signatures are called. */
export type Protocol = 'query' | 'json' | 'rest-json' | 'rest-xml';

/** One permission, in the words of IAM. */
export interface Need {
  /** `s3:GetObject` */
  readonly action: string;
  readonly resource: string;
}

export interface Asked {
  /** As the SDK names it: `GetSecretValue`. */
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the SDK sent
  readonly input: any;
  /** All of them. None: everybody whose signature is right. */
  readonly needs: readonly Need[];
}

export interface Service {
  readonly protocol: Protocol;
  /** Changes nothing. @throws AwsError */
  read(request: AwsRequest): Asked;
  /** @throws AwsError */
  answer(asked: Asked, principal: Principal, request: AwsRequest): AwsReply | Promise<AwsReply>;
}

/** By the name in the scope of signatures: `sts`, `secretsmanager`. */
export type Services = Readonly<Record<string, Service>>;
