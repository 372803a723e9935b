import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import type { PlacedTrack, Tracks } from '../../../src-main/engine/ledger/tracks.ts';
import type { Difference, DiskStat } from '../../../src-main/engine/library/differences.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { ledgerHoldings, ledgerTracks } from '../../kit/ledger-rows.ts';
import { testFolder } from '../../kit/test-folder.ts';

const STAT: DiskStat = { byteSize: 10, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };
const LATER: DiskStat = { ...STAT, mtimeNs: 2n, ctimeNs: 2n };

/** A ledger with one track that is found and taken up to be read. */
const withOneTrack = async () => {
  const dataFolder = testFolder('data');
  const ledger = openLedger(dataFolder, nodeLaunch.sqlFolder('ledger'), new Date());
  onTestFinished(() => ledger.close());
  const [library, archive] = await ledger.commit(() => [
    ledger.libraries.ensure(Buffer.from('/music'), 1),
    ledger.archives.ensure('one', 'http://one', 1),
  ]);
  const runId = await ledger.commit(() => ledger.runs.begin(archive.id, 1));
  const takeIn = (difference: Difference): Promise<void> =>
    ledger.commit(() => ledger.takeIn(library.id, [difference], { runId, archiveId: archive.id }));
  await takeIn({ kind: 'new', folder: Buffer.from('a'), name: Buffer.from('1.mp3'), stat: STAT });
  const [track] = ledger.tracks.unread(library.id, 1, 1);
  if (track === undefined) throw new Error('the track is not there');
  const content = { sha256: Buffer.alloc(32, 1), md5: Buffer.alloc(16), byteSize: 10, tags: '{}' };
  const now = () => ledgerTracks(dataFolder).map(({ state, reason }) => ({ state, reason }));
  const link = () => ledger.commit(() => ledger.tracks.link(track, content, archive.id, runId));
  return { dataFolder, ledger, library, archive, takeIn, track, link, now };
};

type World = Awaited<ReturnType<typeof withOneTrack>>;

const OUTCOMES: readonly { what: string; come: (tracks: Tracks, track: PlacedTrack) => boolean }[] = [
  { what: 'a read that failed', come: (tracks, track) => tracks.failed(track, 'read_error', 'EIO') },
  { what: 'bytes that are no audio', come: (tracks, track) => tracks.skip(track, 'not_audio', null) },
  { what: 'a file that changed as it was read', come: (tracks, track) => tracks.changed(track, LATER, 5) },
  { what: 'a file that is gone', come: (tracks, track) => tracks.vanished(track) },
];

const MEANWHILE: readonly { what: string; happens: (world: World) => Promise<unknown>; now: unknown[] }[] = [
  {
    what: 'a person excluded it',
    happens: ({ takeIn, track }) => takeIn({ kind: 'excluded', trackId: track.id }),
    now: [{ state: 'skipped', reason: 'excluded' }],
  },
  {
    what: 'what had failed was left out by a person',
    happens: ({ ledger, library, track }) =>
      ledger.commit(() => {
        ledger.tracks.failed(track, 'changing', '');
        ledger.tracks.ignoreFailed(library.id);
      }),
    now: [{ state: 'skipped', reason: 'ignored' }],
  },
  {
    what: 'the scan saw another file there',
    happens: ({ takeIn, track }) => takeIn({ kind: 'changed', trackId: track.id, stat: LATER }),
    now: [{ state: 'found', reason: null }],
  },
  {
    what: 'its library was forgotten',
    happens: ({ ledger, library }) => ledger.commit(() => ledger.libraries.forget(library.id)),
    now: [],
  },
];

const LATE = MEANWHILE.flatMap(({ what: meanwhile, ...rest }) =>
  OUTCOMES.map(({ what, come }) => ({ what, meanwhile, come, ...rest })),
);

test.each(LATE)('$what comes to nothing when $meanwhile meanwhile', async ({ come, happens, now }) => {
  const world = await withOneTrack();
  const { ledger, track } = world;
  await happens(world);
  expect(await ledger.commit(() => come(ledger.tracks, track))).toBe(false);
  expect(world.now()).toEqual(now);
});

test.each(OUTCOMES)('$what is kept where nothing happened meanwhile', async ({ come }) => {
  const { ledger, track } = await withOneTrack();
  expect(await ledger.commit(() => come(ledger.tracks, track))).toBe(true);
});

test('what was read and then excluded keeps its content through a late look, and is back without a reading', async () => {
  const { ledger, library, takeIn, track, link, now } = await withOneTrack();
  await link();
  await takeIn({ kind: 'excluded', trackId: track.id });
  await ledger.commit(() => ledger.tracks.changed(track, LATER, 5));
  await takeIn({ kind: 'back', trackId: track.id, stat: STAT, unchanged: true });
  expect(now()).toEqual([{ state: 'found', reason: null }]);
  expect(ledger.tracks.unread(library.id, 10, 1)).toEqual([]);
});

test('a scan that looked before a person left a file out brings it back only where the file is another', async () => {
  const { ledger, library, takeIn, track, now } = await withOneTrack();
  await ledger.commit(() => {
    ledger.tracks.failed(track, 'read_error', 'EIO');
    ledger.tracks.ignoreFailed(library.id);
  });
  await takeIn({ kind: 'changed', trackId: track.id, stat: STAT });
  expect(now()).toEqual([{ state: 'skipped', reason: 'ignored' }]);
  await takeIn({ kind: 'changed', trackId: track.id, stat: LATER });
  expect(now()).toEqual([{ state: 'found', reason: null }]);
});

test('what was ignored and then excluded is ignored still when the exclusion goes, unless it was to be retried', async () => {
  const { ledger, library, takeIn, track, now } = await withOneTrack();
  await ledger.commit(() => {
    ledger.tracks.failed(track, 'read_error', 'EIO');
    ledger.tracks.ignoreFailed(library.id);
  });
  const exclude = () => takeIn({ kind: 'excluded', trackId: track.id });
  const back = () => takeIn({ kind: 'back', trackId: track.id, stat: STAT, unchanged: true });
  await exclude();
  expect(now()).toEqual([{ state: 'skipped', reason: 'excluded' }]);
  await back();
  expect(now()).toEqual([{ state: 'skipped', reason: 'ignored' }]);

  await exclude();
  const others = await ledger.commit(() => ledger.tracks.takeBack(library.id, 'no_permission'));
  const asked = await ledger.commit(() => ledger.tracks.takeBack(library.id, 'read_error'));
  // It is not tried before the exclusion goes.
  expect([others, asked, now()]).toEqual([0, 0, [{ state: 'skipped', reason: 'excluded' }]]);
  await back();
  expect(now()).toEqual([{ state: 'found', reason: null }]);
});

test('a file that could not be read and was given other rights as it was tried is seen by the next scan', async () => {
  const { ledger, library, takeIn, track, now } = await withOneTrack();
  await ledger.commit(() => ledger.tracks.failed(track, 'no_permission', 'EACCES'));
  // The scan looked before that was kept, when the track was found still.
  await takeIn({ kind: 'touched', trackId: track.id, stat: { ...STAT, ctimeNs: 3n } });
  expect(now()).toEqual([{ state: 'failed', reason: 'no_permission' }]);
  await ledger.commit(() => ledger.tracks.retryFailed(library.id));
  expect(ledger.tracks.unread(library.id, 10, 1)).toMatchObject([{ ctimeNs: STAT.ctimeNs }]);
});

test('a flight that fails late takes nothing back that is archived or was given up', async () => {
  const { dataFolder, ledger, link } = await withOneTrack();
  const holding = (await link())?.holdingId ?? 0;
  const failure = { class: 'retry', code: 'late', message: 'Late.' };
  const late = () =>
    ledger.commit(() => {
      ledger.holdings.tryLater(holding, 99, failure);
      ledger.holdings.lookAgain(holding, 99, failure);
      ledger.holdings.failed(holding, failure);
    });
  await ledger.commit(() => ledger.holdings.archived(holding, 7, 3));
  await late();
  expect(ledgerHoldings(dataFolder)).toMatchObject([{ state: 'archived', failure_code: null, attempts: 0 }]);
  await ledger.commit(() => {
    ledger.holdings.lost(holding);
    ledger.holdings.failed(holding, { class: 'refused', code: 'too_large', message: 'Too large.' });
    ledger.holdings.ignore(1);
  });
  await late();
  expect(ledgerHoldings(dataFolder)).toMatchObject([
    { state: 'skipped', failure_code: 'too_large', attempts: 1 },
  ]);
});
