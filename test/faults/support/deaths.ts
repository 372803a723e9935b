import assert from 'node:assert/strict';
import type { RunningCli } from '../../kit/cli.ts';
import type { Verdict } from '../../tools/checker/verdict.ts';
import {
  cleanUp,
  CONCURRENT,
  type CrashAt,
  finishSync,
  type RunningServer,
  startSync,
  summaryOf,
  verdictOn,
  type World,
} from './world.ts';

/** The client dies at the point, and has told no lie until then. Fails where it never came there. */
export const clientDiesAt = async (
  world: World,
  url: string,
  crashAt: CrashAt,
  deathsSoFar = 1,
): Promise<void> => {
  const { signal, code, stdout, stderr } = await startSync(world, url, { crashAt }).done;
  assert.equal(signal, 'SIGKILL', `${crashAt} was never reached; ended with ${code}\n${stdout}${stderr}`);
  const verdict = await verdictOn(world, { unfinished: true, lostAnswers: deathsSoFar * CONCURRENT });
  assert.deepEqual(verdict.breaches, [], `after ${crashAt}`);
};

/** The client goes on to the end; then there is nothing left to do. What the checker says after the clean-up. */
export const finishWell = async (world: World, server: RunningServer, deaths = 1): Promise<Verdict> => {
  await finishSync(world, server.url);
  return endWell(world, server, deaths);
};

export const endWell = async (world: World, server: RunningServer, deaths: number): Promise<Verdict> => {
  const again = await finishSync(world, server.url);
  assert.deepEqual(
    { already: again.already_archived, puts: again.puts, bytes: again.bytes_sent },
    { already: again.found, puts: 0, bytes: 0 },
    'the second run found something to do',
  );
  await server.stop();
  await cleanUp(world);
  return verdictOn(world, { cleaned: true, lostAnswers: deaths * CONCURRENT });
};

/** Waits until the archive has died of its own; fails where the client came to its end without it. */
export const serverDies = async (
  server: RunningServer,
  client: RunningCli,
  crashAt: CrashAt,
): Promise<void> => {
  const ended = await Promise.race([
    server.process.done,
    client.done.then(({ stdout, stderr }) => {
      throw new Error(`${crashAt} was never reached: the client is done.\n${stdout}${stderr}`);
    }),
  ]);
  assert.equal(
    ended.signal,
    'SIGKILL',
    `${crashAt}: ended with ${ended.code}\n${ended.stdout}${ended.stderr}`,
  );
};

/** A client that was under way all the time ends well by itself. */
export const endsByItself = async (client: RunningCli): Promise<void> => {
  const result = await client.done;
  assert.equal(result.code, 0, result.stderr);
  const summary = summaryOf(result);
  assert.equal(summary.archived + summary.already_archived, summary.found);
};

/** For scenarios that are no test: fails with everything that the checker found. */
export const demandNoBreach = ({ breaches }: Verdict): void => {
  if (breaches.length > 0) throw new Error(breaches.map(({ message }) => message).join('; '));
};
