/** Answers GetSecretValue as Secrets Manager does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SecretsServer {
  readonly url: string;
  /** Texts by name; what is not there does not exist. */
  readonly secrets: Map<string, string>;
  close(): void;
}

export async function startSecretsServer(): Promise<SecretsServer> {
  const secrets = new Map<string, string>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { SecretId } = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string };
      const SecretString = secrets.get(SecretId);
      const known =
        SecretString !== undefined && request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
      response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          known
            ? { Name: SecretId, SecretString }
            : { __type: 'ResourceNotFoundException', Message: `Secrets Manager can't find ${SecretId}` },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    close: () => void server.close(),
  };
}
