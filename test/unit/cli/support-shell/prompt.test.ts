/** The small prompt, over a server that is a script. */
import { EventEmitter } from 'node:events';
import type { Client } from 'pg';
import { prompt } from '../../../../cli/support-shell/prompt';
import { fakeIo } from '../approvals/fake-io';

class Server extends EventEmitter {
  readonly asked: string[] = [];
  answer: (text: string) => Promise<object> | object = () => ({});
  async query({ text }: { text: string }) {
    this.asked.push(text);
    return {
      command: 'SELECT',
      rowCount: 1,
      fields: [{ name: 'n' }],
      rows: [['1']],
      ...(await this.answer(text)),
    };
  }
}

const run = (
  io: ReturnType<typeof fakeIo>,
  server: Server,
  cancel: () => Promise<void> = async () => undefined,
) =>
  prompt({
    client: server as unknown as Client,
    io,
    name: 'support-shell uma@example.com read-only',
    cancel,
  });

test('runs what comes through a pipe, statement by statement, and shows no prompt', async () => {
  const server = new Server();
  const io = fakeIo({ pipes: `select 1; select\n  ';'\n;\nselect 3` });
  expect(await run(io, server)).toBe(true);
  expect(server.asked).toEqual(['select 1', "select\n  ';'", 'select 3\n']);
  expect(io.out().match(/\(1 row\)/g)).toHaveLength(3);
  expect(io.shown()).toBe('');
});

test('goes on after an error, says its code, and remembers it for a script', async () => {
  const server = new Server();
  server.answer = (text) => {
    if (text === 'bad') throw Object.assign(new Error('no'), { code: 'TZ030', hint: 'redeem a ticket' });
    return {};
  };
  const io = fakeIo({ pipes: 'bad; select 2;\n' });
  expect(await run(io, server)).toBe(false);
  expect(server.asked).toEqual(['bad', 'select 2']);
  expect(io.shown()).toBe('ERROR TZ030: no\nHINT: redeem a ticket\n');
});

test('\\q ends it; other commands of psql are not statements', async () => {
  const server = new Server();
  const io = fakeIo({ pipes: '\\d users\n\\! id\n\\q\nselect 1;\n' });
  expect(await run(io, server)).toBe(true);
  expect(server.asked).toEqual([]);
  expect(io.shown().match(/knows \\q/g)).toHaveLength(2);
});

test('at a terminal it says who one is, and that a statement goes on', async () => {
  const server = new Server();
  const io = fakeIo({
    types: {
      'support-shell uma@example.com read-only=> ': 'select',
      'support-shell uma@example.com read-only-> ': '1;\r\\q',
    },
  });
  expect(await run(io, server)).toBe(true);
  expect(server.asked).toEqual(['select\n1']);
});

test('Ctrl-C forgets what was typed, and cancels what runs', async () => {
  const server = new Server();
  const io = fakeIo({ types: {} });
  const types = (text: string) => (io.stdin as unknown as NodeJS.WritableStream).write(text);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const prompts = () => io.shown().split('read-only=> ').length - 1;
  let end: (error: Error) => void = () => undefined;
  server.answer = () => new Promise((_, reject) => (end = reject));
  const done = run(io, server, async () => end(new Error('canceling statement due to user request')));
  types('selec\r');
  await until(() => io.shown().includes('read-only-> '));
  types('\x03');
  await until(() => prompts() === 2);
  types('select pg_sleep(100);\r');
  await until(() => server.asked.length > 0);
  types('\x03');
  await until(() => prompts() === 3);
  types('\\q\r');
  expect(await done).toBe(false);
  expect(server.asked).toEqual(['select pg_sleep(100)']);
  expect(io.shown()).toContain('ERROR: canceling statement');
});

test('when the server ends the session, it ends, and says so', async () => {
  const server = new Server();
  const io = fakeIo({ types: { '=> ': '' } });
  const done = run(io, server);
  server.emit('error', new Error('terminating connection due to administrator command'));
  server.emit('end');
  expect(await done).toBe(false);
  expect(io.shown()).toContain('the server ended this session: terminating connection');
});
