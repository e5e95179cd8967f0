/** The commands as people run them, against an `npm start` of the test's own. */
import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSync } from 'otplib';
import { type Ran, start, until } from '../cli/rls';

const STEP_SECONDS = 30;

/** An authenticator: gives each time step once, the earliest that is still accepted. */
export class Telephone {
  private last = 0;

  constructor(private readonly secret: string) {}

  async code(): Promise<string> {
    for (;;) {
      const now = Math.floor(Date.now() / 1000 / STEP_SECONDS);
      // One step of drift is tolerated, so that three codes are at hand at any time.
      const step = Math.max(this.last + 1, now - 1);
      if (step <= now + 1) {
        this.last = step;
        return generateSync({ secret: this.secret, epoch: step * STEP_SECONDS });
      }
      await sleep(500);
    }
  }
}

export interface Story {
  sensitiveAccess(profile: string, args: readonly string[], input?: string): Promise<Ran>;
  supportShell(profile: string, args: readonly string[], input?: string): Promise<Ran>;
  /** `npm start`, as it runs. */
  readonly directory: string;
  end(): Promise<void>;
}

export async function beginStory(): Promise<Story> {
  const parent = await mkdtemp(path.join(tmpdir(), 'tenant-zero-story-'));
  // As root, the server runs as somebody else, who must be able to walk here.
  chmodSync(parent, 0o755);
  const directory = path.join(parent, 'home');
  const platform = start('start', ['--directory', directory]);
  await Promise.race([
    until(() => /Ctrl-C stops it/.test(platform.stdout())),
    platform.ran.then(({ stderr }) => {
      throw new Error(`npm start ended: ${stderr}`);
    }),
  ]);
  const run =
    (script: 'sensitive-access' | 'support-shell') =>
    (profile: string, args: readonly string[], input = '') =>
      start(script, [...args, '--local', '--profile', profile], { TENANT_ZERO_DIRECTORY: directory }, input)
        .ran;
  return {
    sensitiveAccess: run('sensitive-access'),
    supportShell: run('support-shell'),
    directory,
    end: async () => {
      platform.child.kill('SIGINT');
      await platform.ran;
      await rm(parent, { recursive: true, force: true });
    },
  };
}
