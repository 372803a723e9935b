import { openLedgerFile } from '../../src-main/engine/ledger/open.ts';
import { ledgerPath } from '../../src-main/engine/ledger/ledger.ts';
import { nodeLaunch } from '../../src-main/headless/launch.ts';

const TRACKS_OF_AN_ALBUM = 11;
const ALBUMS_OF_AN_ARTIST = 8;

/**
 * Writes a ledger of so many tracks, as runs that came two thirds of the way would have left it: of each hundred 66 are
 * archived, one failed, one is skipped, one is missing, the last twenty are not read yet and the others wait.
 */
export const writeBigLedger = (dataFolder: string, tracks: number): void => {
  const { db } = openLedgerFile(ledgerPath(dataFolder), nodeLaunch.sqlFolder('ledger'), new Date());
  try {
    db.pragma('synchronous = OFF');
    const triggers = db
      .prepare<[], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
      )
      .all();
    db.transaction(() => {
      // Kept for each row they would cost more than all the rest; the tallies are counted once instead.
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
      db.exec(rows(tracks));
      for (const { sql } of triggers) db.exec(sql);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
};

const rows = (tracks: number): string => `
  INSERT INTO library (id, path, added_at, scanned_at) VALUES (1, CAST('/music' AS BLOB), 1, 2);
  INSERT INTO archive (id, identity, url, added_at) VALUES (1, 'ledgerline:big:1', '/archive', 1);
  INSERT INTO setting (name, value) VALUES ('archive', '{"kind":"here","identity":"ledgerline:big:1","folder":null}');
  INSERT INTO run (id, archive_id, started_at, ended_at) VALUES (1, 1, 1700000000000, 1700000100000);

  CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT ${tracks})
    SELECT i, i / ${TRACKS_OF_AN_ALBUM} AS album, i / ${TRACKS_OF_AN_ALBUM * ALBUMS_OF_AN_ARTIST} AS artist,
      i % ${TRACKS_OF_AN_ALBUM} + 1 AS number, iif(i % 37 = 0, i, i / ${TRACKS_OF_AN_ALBUM}) * 7919 % 100 AS part FROM n;
  INSERT INTO folder (id, library_id, path)
    SELECT album + 1, 1, CAST(format(iif(artist % 10, 'Band', 'Bänd') || ' %05d/Album %02d', artist * 7919 % 100003, album % ${ALBUMS_OF_AN_ARTIST}) AS BLOB)
    FROM n WHERE number = 1;
  INSERT INTO content (id, sha256, byte_size, md5, tags)
    SELECT i + 1, CAST(format('%032d', i) AS BLOB), 3000000 + i * 7907 % 9000001, zeroblob(16),
      json_object('title', format('The song of number %d and %d', i, part), 'artist', format(iif(artist % 10, 'Band', 'Bänd') || ' %05d', artist * 7919 % 100003),
        'album', format('Album %02d', album % ${ALBUMS_OF_AN_ARTIST}), 'genre', 'Folk', 'year', 1960 + album % 60, 'track_number', number)
    FROM n WHERE part < 78;
  INSERT INTO track (id, library_id, folder_id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason, content_id, found_run)
    SELECT i + 1, 1, album + 1, CAST(format('%02d - The song of number %d.flac', number, i) AS BLOB), 3000000 + i * 7907 % 9000001,
      1600000000000000000 + i, 1600000000000000000 + i, i + 1,
      CASE part WHEN 77 THEN 'missing' WHEN 78 THEN 'skipped' WHEN 79 THEN 'failed' ELSE 'found' END,
      CASE part WHEN 78 THEN 'not_audio' WHEN 79 THEN 'no_permission' END,
      iif(part < 78, i + 1, NULL), 1
    FROM n;
  INSERT INTO holding (id, archive_id, content_id, state, signed_id, stored_at, song_id, archived_at, confirmed_at,
      failure_class, failure_code, failure_message, attempts)
    SELECT i + 1, 1, i + 1, CASE WHEN part < 66 THEN 'archived' WHEN part = 66 THEN 'failed' ELSE 'open' END,
      iif(part < 67, format('%0160d', i), NULL), iif(part < 66, 1700000000000 + i * 7919 % 86400000, NULL), iif(part < 66, i + 1, NULL),
      iif(part < 66, 1700000000000 + i * 7919 % 86400000, NULL), iif(part < 66, 1700000000000 + i * 7919 % 86400000, NULL),
      iif(part = 66, 'refused', NULL), iif(part = 66, 'too_large', NULL), iif(part = 66, 'Too large.', NULL), part = 66
    FROM n WHERE part < 78;
  DROP TABLE n;
  INSERT INTO tally
    SELECT 1, track.library_id, CASE WHEN track.state <> 'found' THEN track.state
        WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END AS outcome, count(*), sum(track.byte_size)
    FROM track LEFT JOIN holding ON holding.archive_id = 1 AND holding.content_id = track.content_id
    WHERE track.state <> 'missing' GROUP BY 2, 3;
`;
