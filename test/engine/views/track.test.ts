import { describe, expect, onTestFinished, test } from 'vitest';
import { CALLS } from '../../../shared/bridge/calls.ts';
import { openTestHost } from '../../kit/host.ts';
import { OTHER_ARCHIVE, type WrittenTrack, writeLedger } from './written-ledger.ts';

const opened = async (...tracks: readonly WrittenTrack[]) => {
  const ledger = writeLedger([], onTestFinished);
  const ids = tracks.map(ledger.add);
  const host = await openTestHost({ dataFolder: ledger.dataFolder });
  return {
    ...ledger,
    host,
    detail: async (at = 0) => CALLS.track.output.parse(await host.calls.track(ids[at] ?? 0)),
    id: (at = 0): number => ids[at] ?? 0,
  };
};
const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

describe('one track', () => {
  test('that is archived, with everything that is known of it', async () => {
    const { detail, id } = await opened(
      {
        path: 'Miles Davis/Kind of Blue/01.flac',
        bytes: 4_321,
        content: 'x',
        tags: {
          title: 'So What',
          artist: 'Miles Davis',
          album: 'Kind of Blue',
          album_artist: 'Miles Davis',
          year: 1959,
          disc_number: 1,
          track_number: 1,
        },
        holding: { state: 'archived', song_id: 7, stored_at: 2_000, archived_at: 3_000, confirmed_at: 9_000 },
      },
      {
        library: '/copies',
        path: 'so what.flac',
        content: 'x',
        tags: {
          title: 'So What',
          artist: 'Miles Davis',
          album: 'Kind of Blue',
          album_artist: 'Miles Davis',
          year: 1959,
          disc_number: 1,
          track_number: 1,
        },
      },
      {
        library: '/copies',
        path: 'gone.flac',
        content: 'x',
        tags: {
          title: 'So What',
          artist: 'Miles Davis',
          album: 'Kind of Blue',
          album_artist: 'Miles Davis',
          year: 1959,
          disc_number: 1,
          track_number: 1,
        },
        state: 'missing',
      },
    );
    expect(await detail()).toEqual({
      id: id(),
      path: 'Miles Davis/Kind of Blue/01.flac',
      place: '/music/Miles Davis/Kind of Blue/01.flac',
      library: '/music',
      title: 'So What',
      artist: 'Miles Davis',
      album: 'Kind of Blue',
      bytes: 4_321,
      outcome: 'archived',
      archivedAt: 3_000,
      reason: null,
      cover: null,
      modifiedAt: 1_600_000_000_123,
      sha256: '78'.padEnd(64, '20'),
      md5: ''.padEnd(32, '0'),
      tags: [
        { name: 'Title', value: 'So What' },
        { name: 'Artist', value: 'Miles Davis' },
        { name: 'Album', value: 'Kind of Blue' },
        { name: 'Album artist', value: 'Miles Davis' },
        { name: 'Year', value: '1959' },
        { name: 'Disc', value: '1' },
        { name: 'Track', value: '1' },
      ],
      twins: ['/copies/so what.flac'],
      song: { id: 7, archivedAt: 3_000, confirmedAt: 9_000 },
      failure: null,
      history: [
        { at: 1_000, what: 'found', detail: null },
        { at: 2_000, what: 'sent', detail: null },
        { at: 3_000, what: 'archived', detail: null },
        { at: 9_000, what: 'confirmed', detail: expect.any(String) },
      ],
    });
  });

  test('that another archive has is not called archived by the one that is chosen', async () => {
    const { detail, choose } = await opened({
      path: 'a.mp3',
      tags: {},
      holding: { state: 'archived', song_id: 7, archived_at: 3_000, confirmed_at: 0 },
    });
    expect(await detail()).toMatchObject({ outcome: 'archived', song: { id: 7, confirmedAt: null } });
    choose(OTHER_ARCHIVE);
    expect(await detail()).toMatchObject({ outcome: 'waiting', song: null, history: [{ what: 'found' }] });
  });

  test('that failed says what happened and what can be done; one that the archive refused waits for a person', async () => {
    const { detail } = await opened(
      { path: 'shut.mp3', state: 'failed', reason: 'no_permission' },
      {
        path: 'large.mp3',
        tags: {},
        holding: {
          state: 'failed',
          failure_class: 'refused',
          failure_code: 'too_large',
          failure_message: 'Too large. Ask.',
          attempts: 2,
          next_try_at: 99,
        },
      },
      {
        path: 'later.mp3',
        tags: {},
        holding: {
          state: 'open',
          failure_class: 'retry',
          failure_code: 'http_500',
          failure_message: 'It broke.',
          attempts: 3,
          next_try_at: 99,
        },
      },
    );
    expect(await detail(0)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('Allow your account'),
      sha256: null,
      tags: [],
      failure: { code: 'no_permission', nextTry: null },
    });
    expect((await detail(1))?.failure).toEqual({
      code: 'too_large',
      message: 'Too large. Ask.',
      advice: expect.stringContaining('Try again'),
      attempts: 2,
      nextTry: null,
    });
    expect(await detail(2)).toMatchObject({
      outcome: 'waiting',
      failure: { code: 'http_500', attempts: 3, nextTry: 99 },
    });
  });

  test('that a person left out says so, with what had been wrong', async () => {
    const { db, detail } = await opened(
      { path: 'shut.mp3', state: 'skipped', reason: 'ignored' },
      {
        path: 'large.mp3',
        tags: {},
        holding: {
          state: 'skipped',
          failure_class: 'refused',
          failure_code: 'too_large',
          failure_message: 'Too large.',
        },
      },
    );
    db.exec(`UPDATE track SET detail = 'no_permission' WHERE reason = 'ignored'`);
    expect(await detail(0)).toMatchObject({
      outcome: 'skipped',
      failure: null,
      reason: expect.stringMatching(/^You left this out .* may not read/),
    });
    expect(await detail(1)).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^You left this out .* Too large/),
    });
  });

  test('that is not in the ledger is nothing', async () => {
    const { host } = await opened();
    expect(await host.calls.track(12_345)).toBeNull();
    expect(await host.pathOfTrack(12_345)).toBeNull();
  });
});

describe('names that nobody expects', () => {
  const HOSTILE: readonly (readonly [string, Buffer, string])[] = [
    ['no UTF-8', bytes('a/', 0xff, 0xfe, '.mp3'), String.raw`a/\xff\xfe.mp3`],
    ['a line end', bytes('a/one\ntwo.mp3'), String.raw`a/one\u{a}two.mp3`],
    ['turned around', bytes('a/\u202egnp.mp3'), String.raw`a/\u{202e}gnp.mp3`],
    ['right to left', bytes('שלום/مرحبا.mp3'), 'שלום/مرحبا.mp3'],
    ['markup', bytes('<img src=x onerror=alert(1)>.mp3'), '<img src=x onerror=alert(1)>.mp3'],
    ['quotes', bytes(`a'"; DROP TABLE track; --.mp3`), `a'"; DROP TABLE track; --.mp3`],
    ['a control that divides what is read', bytes('a\x01b/\x01\x02.mp3'), String.raw`a\u{1}b/\u{1}\u{2}.mp3`],
  ];

  test.each(HOSTILE)('%s: shown safely, and led to as the disk has it', async (_, path, shown) => {
    const library = bytes('/mu', 0xe9, 'sic');
    const { host, detail, id } = await opened({ library, path }, { path: 'plain.mp3' });
    expect(await detail()).toMatchObject({ path: shown, library: String.raw`/mu\xe9sic` });
    expect(await host.pathOfTrack(id())).toEqual(Buffer.concat([library, Buffer.from('/'), path]));
    const { view, tracks } = await host.calls.openTracks({
      outcome: null,
      search: '',
      order: 'name',
      descending: false,
      album: null,
    });
    const rows = await host.calls.tracks({ view, from: 0, count: 9 });
    expect(tracks).toBe(2);
    expect(rows?.map((row) => row.path).toSorted()).toEqual([shown, 'plain.mp3'].toSorted());
    const wall = await host.calls.openAlbums({ filter: 'all', search: '' });
    expect(
      CALLS.albums.output.parse(await host.calls.albums({ view: wall.view, from: 0, count: 9 })),
    ).toHaveLength(2);
  });

  test('are searched as far as they are text', async () => {
    const { host } = await opened(...HOSTILE.map(([, path]) => ({ path })), { path: 'plain.mp3' });
    const found = async (search: string) =>
      (await host.calls.openTracks({ outcome: null, search, order: 'path', descending: false, album: null }))
        .tracks;
    expect(await found('mp3')).toBe(HOSTILE.length + 1);
    expect(await found('שלום')).toBe(1);
    expect(await found(`'"; drop`)).toBe(1);
    expect(await found('one two')).toBe(1);
    expect(await found('\u0001')).toBe(1);
  });
});
