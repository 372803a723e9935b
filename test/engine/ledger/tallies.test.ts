import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { onTestFinished, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { createArchives } from '../../../src-main/engine/ledger/archives.ts';
import { createHoldings } from '../../../src-main/engine/ledger/holdings.ts';
import { createIntake } from '../../../src-main/engine/ledger/intake.ts';
import { createLibraries } from '../../../src-main/engine/ledger/libraries.ts';
import { migrate } from '../../../src-main/engine/ledger/migrate.ts';
import { createRuns } from '../../../src-main/engine/ledger/runs.ts';
import { createTracks } from '../../../src-main/engine/ledger/tracks.ts';
import { createTotals, totalsOfRun } from '../../../src-main/engine/ledger/totals.ts';
import type { Difference, DiskStat } from '../../../src-main/engine/library/differences.ts';
import { seededRandom } from '../../../src-main/headless/demo/audio/random.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { addsUp } from '../../kit/engine.ts';

/** What the triggers keep, counted anew over the rows. */
const COUNTED = `
  SELECT archive_id, library_id, outcome, count(*) AS tracks, sum(byte_size) AS bytes FROM (
    SELECT archive.id AS archive_id, track.library_id, track.byte_size,
      CASE WHEN track.state <> 'found' THEN track.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END AS outcome
    FROM track CROSS JOIN archive LEFT JOIN holding ON holding.archive_id = archive.id AND holding.content_id = track.content_id
    WHERE track.state <> 'missing')
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
const KEPT =
  'SELECT archive_id, library_id, outcome, tracks, bytes FROM tally WHERE tracks <> 0 OR bytes <> 0 ORDER BY 1, 2, 3';
/** Every credit of the run, counted over the tracks that carry it and are archived. */
const CREDITS = `
  SELECT coalesce(sum(credit = 'sent'), 0) AS archived, coalesce(sum(credit = 'moved'), 0) AS moved
  FROM run JOIN track ON track.credit_run = run.id AND track.state = 'found'
  JOIN holding ON holding.archive_id = run.archive_id AND holding.content_id = track.content_id AND holding.state = 'archived'
  WHERE run.id = ?`;

/** A ledger in memory: thousands of commits in a second, for no disk is waited for. */
const openInMemory = (db: Database.Database) => {
  db.pragma('foreign_keys = ON');
  migrate(db, nodeLaunch.sqlFolder('ledger'));
  return {
    commit: <T>(write: () => T): T => db.transaction(write)(),
    archives: createArchives(db),
    holdings: createHoldings(db),
    libraries: createLibraries(db),
    runs: createRuns(db),
    takeIn: createIntake(db),
    totals: createTotals(db),
    tracks: createTracks(db),
  };
};

/** A person's library and archives as they might behave in a year, in a second. */
class World {
  readonly #db = new Database(':memory:');
  readonly ledger = openInMemory(this.#db);
  readonly #random: () => number;
  #archive = 0;
  #run = 0;
  #time = 1_000n;
  #songs = 0;
  #libraries: number[] = [];

  constructor(seed: number) {
    onTestFinished(() => void this.#db.close());
    const next = seededRandom(seed);
    this.#random = () => next() / 2 ** 32;
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #oneOf<T>(list: readonly T[]): T | undefined {
    return list[this.#below(list.length)];
  }

  #stat(): DiskStat {
    this.#time += 1n;
    return { byteSize: 1 + this.#below(1_000), mtimeNs: this.#time, ctimeNs: this.#time, inode: this.#time };
  }

  #ids(sql: string): readonly number[] {
    return this.#db
      .prepare<[], { id: number }>(sql)
      .all()
      .map(({ id }) => id);
  }

  /** As if the schema had been written without it. */
  dropTrigger(name: string): void {
    this.#db.exec(`DROP TRIGGER ${name}`);
  }

  begin(): void {
    this.addLibrary();
    this.addArchive();
  }

  addLibrary(): void {
    const { id } = this.ledger.commit(() =>
      this.ledger.libraries.ensure(Buffer.from(`/music/${this.#below(1e9)}`), 1),
    );
    this.#libraries.push(id);
  }

  addArchive(): void {
    const { id } = this.ledger.commit(() =>
      this.ledger.archives.ensure(`archive ${this.#below(1e9)}`, 'http://there', 1),
    );
    this.#switchTo(id);
  }

  #switchTo(archive: number): void {
    this.#archive = archive;
    this.ledger.commit(() => {
      if (this.#run !== 0 && this.#below(3) > 0) this.ledger.runs.end(this.#run, 2);
      this.#run = this.ledger.runs.begin(archive, 2);
    });
  }

  #difference(): Difference {
    const trackId = this.#oneOf(this.#ids('SELECT id FROM track')) ?? 0;
    const missing = this.#oneOf(this.#ids(`SELECT id FROM track WHERE state = 'missing'`));
    const trouble =
      this.#below(6) === 0
        ? { trouble: { state: this.#below(2) === 0 ? 'skipped' : 'failed', reason: 'empty' } as const }
        : {};
    switch (trackId === 0 ? 0 : this.#below(7)) {
      case 1:
        return { kind: 'changed', trackId, stat: this.#stat(), ...trouble };
      case 2:
        return { kind: 'touched', trackId, stat: this.#stat() };
      case 3:
      case 4:
        return { kind: 'gone', trackId };
      case 5:
        if (missing !== undefined)
          return { kind: 'back', trackId: missing, stat: this.#stat(), unchanged: this.#below(2) === 0 };
        break;
      default:
    }
    const folder = Buffer.from(`Album ${this.#below(4)}`);
    return {
      kind: 'new',
      folder,
      name: Buffer.from(`${this.#below(30)}.mp3`),
      stat: this.#stat(),
      ...trouble,
    };
  }

  /** One thing happens. */
  step(): void {
    const { ledger } = this;
    const library = this.#oneOf(this.#libraries) ?? 0;
    const [track] = ledger.tracks.unread(library, 10, 50).toSorted(() => this.#random() - 0.5);
    const holding = this.#oneOf(
      this.#ids(`SELECT id FROM holding WHERE archive_id = ${this.#archive} AND state = 'open'`),
    );
    switch (this.#below(17)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const differences = Array.from({ length: 1 + this.#below(4) }, () => this.#difference());
        const context = { runId: this.#run, archiveId: this.#archive };
        for (const difference of differences)
          ledger.commit(() => ledger.takeIn(library, [difference], context));
        return;
      }
      case 4:
      case 5:
      case 6:
      case 7: {
        if (track === undefined) return;
        // Few contents for many tracks: copies, moves and files that become equal happen all the time.
        const sha256 = Buffer.alloc(32, this.#below(12));
        const content = { sha256, md5: Buffer.alloc(16), byteSize: track.byteSize, tags: '{}' };
        ledger.commit(() => ledger.tracks.link(track, content, this.#archive, this.#run));
        return;
      }
      case 8:
        if (track !== undefined) ledger.commit(() => ledger.tracks.skip(track, 'not_audio', null));
        return;
      case 9:
        if (track === undefined) return;
        ledger.commit(() =>
          this.#below(2) === 0
            ? ledger.tracks.failed(track, 'read_error', '')
            : ledger.tracks.changed(track, this.#stat(), 5),
        );
        return;
      case 10:
      case 11:
      case 12:
        if (holding === undefined) return;
        ledger.commit(() => {
          ledger.holdings.archived(holding, (this.#songs += 1), 3);
          const contentId =
            this.#db
              .prepare<[number], { id: number }>('SELECT content_id AS id FROM holding WHERE id = ?')
              .get(holding)?.id ?? 0;
          if (this.#below(3) > 0) ledger.holdings.creditSent(contentId, this.#run, this.#libraries);
        });
        return;
      case 13:
        if (holding === undefined) return;
        ledger.commit(() => ledger.holdings.failed(holding, { class: 'retry', code: 'x', message: 'x' }));
        return;
      case 14:
        ledger.commit(() => {
          const asked = this.#below(3);
          if (asked === 0) ledger.holdings.ignore(this.#archive);
          else ledger.holdings.reopen(this.#archive);
          if (asked === 2) ledger.holdings.takeBack(this.#archive);
          for (const id of this.#libraries) {
            if (asked === 0) ledger.tracks.ignoreFailed(id);
            else ledger.tracks.retryFailed(id);
            if (asked === 2) ledger.tracks.takeBack(id);
          }
          const content = this.#oneOf(
            this.#ids(`SELECT content_id AS id FROM track WHERE state = 'found' AND content_id IS NOT NULL`),
          );
          const [gone] = ledger.tracks.withContent(content ?? 0, this.#libraries, 1);
          if (gone !== undefined) ledger.tracks.vanished(gone);
        });
        return;
      case 15: {
        const lost = this.#oneOf(this.#ids(`SELECT id FROM holding WHERE state = 'archived'`));
        if (lost !== undefined) ledger.commit(() => ledger.holdings.lost(lost));
        return;
      }
      default:
        return this.#rarely();
    }
  }

  #rarely(): void {
    const { ledger } = this;
    const library = this.#oneOf(this.#libraries);
    switch (this.#below(7)) {
      case 0:
        if (this.#libraries.length < 4) this.addLibrary();
        return;
      case 1:
        if (ledger.archives.all().length < 3) this.addArchive();
        return;
      case 2: {
        const archive = this.#oneOf(ledger.archives.all());
        if (archive !== undefined) this.#switchTo(archive.id);
        for (const id of this.#libraries)
          ledger.commit(() => ledger.holdings.adopt(this.#archive, id, 0, 1_000));
        return;
      }
      case 3:
        if (this.#libraries.length < 2 || library === undefined) return;
        ledger.commit(() => ledger.libraries.forget(library));
        this.#libraries = this.#libraries.filter((id) => id !== library);
        return;
      case 4: {
        // No run writes an answer as a row of its own, but the tables stand on their own feet.
        const content = this.#oneOf(
          this.#ids(
            `SELECT content_id AS id FROM track WHERE state = 'found' AND content_id NOT IN (SELECT content_id FROM holding WHERE archive_id = ${this.#archive})`,
          ),
        );
        if (content !== undefined)
          this.#db
            .prepare('INSERT INTO holding (archive_id, content_id, state) VALUES (?, ?, ?)')
            .run(this.#archive, content, this.#below(2) === 0 ? 'archived' : 'failed');
        return;
      }
      default:
        ledger.commit(() => {
          ledger.runs.end(this.#run, 4);
          this.#run = ledger.runs.begin(this.#archive, 5);
        });
    }
  }

  /** What is kept, and what a count over the rows gives for it. */
  look() {
    const { archived, moved } = this.ledger.runs.get(this.#run);
    return {
      kept: { tallies: this.#db.prepare(KEPT).all(), run: { archived, moved } },
      counted: {
        tallies: this.#db.prepare(COUNTED).all(),
        run: this.#db.prepare(CREDITS).get(this.#run),
      },
      totals: totalsOfRun(this.ledger.totals(this.#archive, this.#libraries), { archived, moved }),
      brokenReferences: this.#db.pragma('foreign_key_check'),
    };
  }
}

const SEEDS = [1, 2, 3, 4];
const STEPS = 1_000;

describe('whatever happens, in whatever order', () => {
  test.each(SEEDS)('the tallies are what a count over the rows gives, after every step (seed %i)', (seed) => {
    const world = new World(seed);
    world.begin();
    let moved = 0;
    let sent = 0;
    for (let step = 0; step < STEPS; step += 1) {
      world.step();
      const { kept, counted, totals, brokenReferences } = world.look();
      expect(kept).toEqual(counted);
      expect(() => addsUp(totals)).not.toThrow();
      expect(brokenReferences).toEqual([]);
      moved += kept.run.moved;
      sent += kept.run.archived;
    }
    // It came to what matters, and not only to libraries of which nothing is sent.
    expect(Math.min(moved, sent)).toBeGreaterThan(0);
  });
});

const TRIGGERS = [
  ...readFileSync(join(nodeLaunch.sqlFolder('ledger'), '0001-first.sql'), 'utf8').matchAll(
    /^CREATE TRIGGER (\w+)/gm,
  ),
].map(([, name = '']) => name);

const isNoticedWithout = (trigger: string, seed: number): boolean => {
  const world = new World(seed);
  world.dropTrigger(trigger);
  world.begin();
  for (let step = 0; step < STEPS; step += 1) {
    world.step();
    const { kept, counted } = world.look();
    if (!isDeepStrictEqual(kept, counted)) return true;
  }
  return false;
};

describe('every trigger has its part in that', () => {
  test.each(TRIGGERS)('without %s the tallies go wrong', (trigger) => {
    expect(SEEDS.some((seed) => isNoticedWithout(trigger, seed))).toBe(true);
  });
});
