import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import { type Ledger, ledgerPath, openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import { obey, obeyInbox } from '../../../src-main/engine/ledger/obey.ts';
import { openLedgerForReading } from '../../../src-main/engine/ledger/open.ts';
import { ownerOf, takeOwnership } from '../../../src-main/engine/ledger/owner.ts';
import { createLedgerReader, type LedgerReader } from '../../../src-main/engine/ledger/reader.ts';
import { TRACK_STATES, type TrackState } from '../../../src-main/engine/ledger/track-pages.ts';
import type { Difference } from '../../../src-main/engine/library/differences.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { testFolder } from '../../kit/test-folder.ts';

const SQL = nodeLaunch.sqlFolder('ledger');
/** More than two pages of each state. */
const EACH = 1101;

const nameOf = (kind: string, i: number): Buffer => Buffer.from(`${kind} ${i}.mp3`);

const found = (kind: string, i: number): Difference => ({
  kind: 'new',
  folder: Buffer.from('Album'),
  name: nameOf(kind, i),
  stat: { byteSize: 10, mtimeNs: 1n, ctimeNs: 1n, inode: BigInt(i) },
  ...(kind === 'skipped' && { trouble: { state: 'skipped', reason: 'empty' } as const }),
  ...(kind === 'failed' && {
    trouble: { state: 'failed', reason: 'folder_unreadable', detail: 'EACCES' } as const,
  }),
});

interface World {
  readonly folder: string;
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly libraryId: number;
  readonly archiveId: number;
}

const open = async (): Promise<World> => {
  const folder = testFolder('ledger');
  const ledger = openLedger(folder, SQL, new Date());
  const { libraryId, archiveId } = await ledger.commit(() => {
    const { id } = ledger.archives.ensure('ledgerline:a:1', 'http://archive', 1);
    return { archiveId: id, libraryId: ledger.libraries.ensure(Buffer.from('/music'), 1).id };
  });
  const db = openLedgerForReading(ledgerPath(folder), SQL);
  if (db === undefined) throw new Error('there should be a ledger');
  const reader = createLedgerReader(db);
  onTestFinished(async () => {
    reader.close();
    await ledger.close();
  });
  return { folder, ledger, reader, libraryId, archiveId };
};

/** So many tracks of each kind; `refused` and `archived` were read, and the archive said so of them. */
const fill = async ({ ledger, libraryId, archiveId }: World, each: number): Promise<void> => {
  const kinds = ['waiting', 'skipped', 'failed', 'refused', 'archived'] as const;
  await ledger.commit(() => {
    const runId = ledger.runs.begin(archiveId, 1);
    const context = { runId, archiveId };
    for (let i = 0; i < each; i += 1)
      ledger.takeIn(
        libraryId,
        kinds.map((kind) => found(kind, i)),
        context,
      );
    let songId = 0;
    for (const track of ledger.tracks.unread(libraryId, 1, each * 5)) {
      const name = Buffer.from(track.name).toString();
      if (name.startsWith('waiting')) continue;
      const sha256 = createHash('sha256').update(name).digest();
      const content = { sha256, md5: sha256.subarray(0, 16), byteSize: 10, tags: '{}' };
      const linked = ledger.tracks.link(track, content, archiveId, runId);
      if (linked === undefined) throw new Error('the track should be as it was seen');
      if (name.startsWith('archived')) ledger.holdings.archived(linked.holdingId, (songId += 1), 5);
      else
        ledger.holdings.failed(linked.holdingId, {
          class: 'refused',
          code: 'too_large',
          message: 'It is too large.',
        });
    }
    ledger.runs.end(runId, 2);
  });
};

const namesIn = ({ reader, archiveId, libraryId }: World, state: TrackState): readonly string[] =>
  [...reader.tracks(state, archiveId, [libraryId])]
    .flat()
    .map(({ path }) => path.replace('/music/Album/', ''));

const expected = (...kinds: readonly string[]): readonly string[] =>
  kinds.flatMap((kind) => Array.from({ length: EACH }, (_, i) => String(nameOf(kind, i)))).toSorted();

describe('a reader beside the owner', () => {
  test('lists every track of each state once, page by page', async () => {
    const world = await open();
    await fill(world, EACH);
    expect(namesIn(world, 'waiting').toSorted()).toEqual(expected('waiting'));
    expect(namesIn(world, 'skipped').toSorted()).toEqual(expected('skipped'));
    expect(namesIn(world, 'failed').toSorted()).toEqual(expected('failed', 'refused'));
    expect(namesIn(world, 'archived').toSorted()).toEqual(expected('archived'));
    expect(namesIn(world, 'missing')).toEqual([]);
    const { reader, archiveId, libraryId } = world;
    const places = [...reader.openPlaces(archiveId, [libraryId])].flat();
    expect(places.map(({ name }) => String(name)).toSorted()).toEqual(expected('waiting'));
    for (const state of TRACK_STATES)
      for (const page of reader.tracks(state, archiveId, [libraryId]))
        expect(page.length).toBeLessThanOrEqual(500);
  });

  test('of an archive that nobody asked yet, everything waits that nothing speaks against', async () => {
    const world = await open();
    await fill(world, 3);
    const { reader, libraryId } = world;
    expect([...reader.tracks('archived', undefined, [libraryId])].flat()).toEqual([]);
    expect([...reader.tracks('waiting', undefined, [libraryId])].flat()).toHaveLength(9);
  });

  test('groups what failed by its cause, with words and the first few', async () => {
    const world = await open();
    await fill(world, 5);
    const { reader, archiveId, libraryId } = world;
    expect(reader.failureGroups('failed', archiveId, [libraryId], 2)).toEqual([
      {
        code: 'folder_unreadable',
        class: 'retry',
        tracks: 5,
        sentence: expect.stringContaining('cannot look into this folder') as string,
        examples: ['/music/Album/failed 0.mp3', '/music/Album/failed 1.mp3'],
        exampleIds: [expect.any(Number), expect.any(Number)],
      },
      {
        code: 'too_large',
        class: 'refused',
        tracks: 5,
        sentence: 'It is too large.',
        examples: ['/music/Album/refused 0.mp3', '/music/Album/refused 1.mp3'],
        exampleIds: [expect.any(Number), expect.any(Number)],
      },
    ]);
    expect(reader.failureGroups('skipped', archiveId, [libraryId], 0)).toMatchObject([
      { code: 'empty', tracks: 5, examples: [] },
    ]);
    expect(reader.failureGroups('waiting', archiveId, [libraryId], 3)).toEqual([]);
    expect(reader.failureGroups('failed', archiveId, [], 3)).toEqual([]);
  });

  test('sees what waits for its next try', async () => {
    const world = await open();
    await fill(world, 2);
    const { ledger, reader, archiveId, libraryId } = world;
    await ledger.commit(() => {
      ledger.holdings.reopen(archiveId);
      const failure = { class: 'retry', code: 'internal', message: 'The archive stumbled.' };
      for (const { id } of ledger.holdings.fresh(archiveId, [libraryId], 0, 9))
        ledger.holdings.tryLater(id, 99, failure);
    });
    expect(reader.failureGroups('waiting', archiveId, [libraryId], 1)).toMatchObject([
      { code: 'internal', class: 'retry', tracks: 2, sentence: 'The archive stumbled.' },
    ]);
  });
});

describe('what is asked of a ledger', () => {
  test('a library is forgotten with all its tracks and tallies, and the other stays', async () => {
    const world = await open();
    await fill(world, 4);
    const { ledger, reader, archiveId, libraryId } = world;
    const other = await ledger.commit(() => {
      const { id } = ledger.libraries.ensure(Buffer.from('/other'), 1);
      ledger.takeIn(id, [found('waiting', 1)], { runId: 1, archiveId });
      return id;
    });
    await ledger.commit(() => obey(ledger, { kind: 'forget', libraryId }));
    expect(reader.libraries().map(({ id }) => id)).toEqual([other]);
    expect(reader.totals(archiveId, [libraryId])).toMatchObject({ archived: 0, waiting: 0, bytesFound: 0 });
    expect(reader.totals(archiveId, [other])).toMatchObject({ waiting: 1 });
    // What the archive holds is remembered: the library may come back.
    await ledger.commit(() => ledger.libraries.ensure(Buffer.from('/music'), 2));
    expect(ledger.holdings.lastId()).toBe(8);
  });

  test('what failed is asked for again in all archives; of one class, only that', async () => {
    const world = await open();
    await fill(world, 3);
    const { ledger, reader, archiveId, libraryId } = world;
    const retry = (failureClass?: string) =>
      ledger.commit(() =>
        obey(ledger, { kind: 'retry', ...(failureClass === undefined ? {} : { failureClass }) }),
      );
    expect(await retry('person')).toBe(0);
    expect(await retry('retry')).toBe(0);
    expect(await retry('refused')).toBe(3);
    expect(await retry()).toBe(0);
    // A folder that cannot be opened is for the next look to decide.
    expect(reader.totals(archiveId, [libraryId])).toMatchObject({ failed: 3, waiting: 6, archived: 3 });
  });

  test('a message that was left in an inbox is done by whoever owns the ledger next, once', async () => {
    const world = await open();
    await fill(world, 2);
    const { folder, ledger, reader, archiveId, libraryId } = world;
    const beside = new Database(join(folder, 'ledger.db'));
    leaveMessage(beside, { kind: 'retry' }, 1);
    leaveMessage(beside, { kind: 'forget', libraryId }, 2);
    beside.close();
    await ledger.commit(() => obeyInbox(ledger));
    expect(reader.libraries()).toEqual([]);
    expect(reader.totals(archiveId, [libraryId])).toMatchObject({ failed: 0, waiting: 0 });
    expect(ledger.inbox.isEmpty()).toBe(true);
  });
});

test('who owns a data folder can be asked, and asking changes nothing', () => {
  const folder = testFolder('data');
  expect(ownerOf(join(folder, 'nowhere'))).toBeUndefined();
  expect(ownerOf(folder)).toBeUndefined();
  const ownership = takeOwnership(folder, 'a test');
  expect(ownerOf(folder)).toBe(`a test, process ${process.pid}`);
  ownership.release();
  expect(ownerOf(folder)).toBeUndefined();
});
