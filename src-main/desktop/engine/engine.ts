import { isUtf8 } from 'node:buffer';
import type { Secrets } from '../../engine/archive/secrets.ts';
import { systemClock } from '../../engine/clock.ts';
import { answer } from '../../engine/host/answer.ts';
import { type Host, openHost } from '../../engine/host/host.ts';
import { KILL_POINTS } from '../../engine/kill-points.ts';
import { archiveFolderIn, openerOfArchiveHere, reserveFrom } from '../../shell/archive-here.ts';
import { crashPoints } from '../../shell/crash-points.ts';
import { stackOf } from '../../shell/errors.ts';
import { createFolders } from '../../shell/folders.ts';
import { makeDataFolder } from '../../shell/usable-data-folder.ts';
import type { EngineDeeds, EngineOptions, MainDeeds } from './deeds.ts';
import { desktopLaunch } from './launch.ts';
import { createLine, type Line } from './line.ts';

/** The entry of the engine's process: the host of one data folder, at main's service. */

const { parentPort } = process;
/** Nobody looks through folders here: there is the system's dialog. */
const folders = createFolders([]);
let opened: Host | undefined;

const host = (): Host => {
  if (opened === undefined) throw new Error('The engine was asked before it was opened');
  return opened;
};

const open = async ({ dataFolder, userAgent, firstNotice }: EngineOptions): Promise<void> => {
  const reserveBytes = reserveFrom(process.env);
  makeDataFolder(dataFolder);
  opened = await openHost({
    dataFolder,
    who: 'the Ledgerline app',
    launch,
    userAgent,
    clock: systemClock,
    probe: crashPoints(process.env, KILL_POINTS),
    openHere: openerOfArchiveHere(dataFolder, launch, reserveBytes),
    reserveBytes,
    archiveFolder: archiveFolderIn(dataFolder),
    folders,
    passwordOf: () => undefined,
    secrets: secretsOf(main),
    // The page is told by the state.
    ...(firstNotice === undefined ? {} : { firstNotice }),
    // The page is told by its state.
    onNotice: () => undefined,
    onFault: tellFault,
  });
  opened.onState((state) => main.tell('state', state));
};

/** Main alone reaches the system's key store. */
const secretsOf = (line: Line<MainDeeds>): Secrets => ({
  get: (name) => line.ask('getSecret', name),
  set: (name, secret) => line.ask('setSecret', { name, secret }),
  forget: (name) => line.ask('forgetSecret', name),
  forgetAllBut: (name) => line.ask('forgetSecretsBut', name),
});

/** Electron knows paths as text only; of bytes that are none it would make another path. */
const asText = (path: Buffer | null): string | undefined =>
  path !== null && isUtf8(path) ? path.toString('utf8') : undefined;

const tellFault = (error: unknown): void => main.tell('fault', stackOf(error));

const deeds: EngineDeeds = {
  open,
  answer: (message) => answer(host().calls, message, tellFault),
  offer: (path) => folders.offer(Buffer.from(path)),
  cover: ({ name, grey }) => host().cover(name, grey),
  placeOf: async (track) => asText(await host().pathOfTrack(track)),
  power: (power) => host().power(power),
  helperSaid: (said) => helperSaid(said),
  helperGone: (gone) => helperGone(gone),
  close: async () => {
    const closing = opened;
    opened = undefined;
    await closing?.close();
  },
};
const main: Line<MainDeeds> = createLine(
  {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
  },
  deeds,
  tellFault,
);
const { launch, helperSaid, helperGone } = desktopLaunch(main);
