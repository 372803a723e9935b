-- The ledger: what the disk showed, what we computed, what the archives answered. Observations, not intentions.
-- Times are milliseconds since 1970 unless the name ends in _ns. Sizes are bytes. Paths are the bytes of the file
-- system (on Linux as they are; elsewhere the system's string as UTF-8), relative to their library, '/' between parts.

-- A folder that a person picked.
CREATE TABLE library (
  id         INTEGER PRIMARY KEY,
  path       BLOB NOT NULL UNIQUE,      -- absolute
  added_at   INTEGER NOT NULL,
  scanned_at INTEGER                    -- when the last complete scan ended
) STRICT;

CREATE TABLE folder (
  id         INTEGER PRIMARY KEY,
  library_id INTEGER NOT NULL REFERENCES library (id) ON DELETE CASCADE,
  path       BLOB NOT NULL,             -- empty for the library itself
  UNIQUE (library_id, path)
) STRICT;

-- Certain bytes.
CREATE TABLE content (
  id        INTEGER PRIMARY KEY,
  sha256    BLOB NOT NULL UNIQUE,       -- 32 bytes
  byte_size INTEGER NOT NULL,
  md5       BLOB NOT NULL,              -- 16 bytes
  tags      TEXT NOT NULL               -- JSON, see engine/audio/tags.ts
) STRICT;

-- One audio file in a library. The same bytes at two places are two tracks with one content.
CREATE TABLE track (
  id          INTEGER PRIMARY KEY,
  library_id  INTEGER NOT NULL REFERENCES library (id) ON DELETE CASCADE, -- its folder's, here for the tallies
  folder_id   INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  name        BLOB NOT NULL,
  byte_size   INTEGER NOT NULL,
  mtime_ns    INTEGER NOT NULL,
  ctime_ns    INTEGER NOT NULL,
  inode       INTEGER NOT NULL,         -- 64 bits, read as signed
  -- found: there, to be read or read. skipped: left out for good, see reason. failed: could not be read, see reason.
  -- missing: was there and is not now; nothing follows from that but that it is not counted.
  state       TEXT NOT NULL CHECK (state IN ('found', 'skipped', 'failed', 'missing')),
  reason      TEXT,                     -- a code of engine/library/reasons.ts
  detail      TEXT,                     -- what the system said, for a person
  content_id  INTEGER REFERENCES content (id), -- NULL until read
  must_reread INTEGER NOT NULL DEFAULT 0, -- 1: only ctime or inode changed; stays what it is while it is read again
  attempts    INTEGER NOT NULL DEFAULT 0, -- failed reads in a row
  next_try_at INTEGER NOT NULL DEFAULT 0,
  found_run   INTEGER NOT NULL,         -- the run that saw it first at this place
  -- What the run `credit_run` did for it: sent its bytes, or recognised it as moved from another place. Of several
  -- tracks with one content one is credited. Leaves with the content.
  credit      TEXT CHECK (credit IN ('sent', 'moved')),
  credit_run  INTEGER,
  UNIQUE (folder_id, name)
) STRICT;
CREATE INDEX track_content ON track (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX track_unread ON track (library_id, folder_id, name) WHERE state = 'found' AND (content_id IS NULL OR must_reread = 1);
CREATE INDEX track_not_well ON track (state, library_id) WHERE state <> 'found';

-- A place that keeps contents for an account. Known by what it says it is, never by an address.
CREATE TABLE archive (
  id       INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,        -- 'ledgerline:<archive_id>:<user id>' or 'rails:<origin>:<account>'
  url      TEXT NOT NULL,               -- where it was reached last, for people
  added_at INTEGER NOT NULL
) STRICT;

-- What one archive said about one content.
CREATE TABLE holding (
  id              INTEGER PRIMARY KEY,  -- also the order of the work
  archive_id      INTEGER NOT NULL REFERENCES archive (id) ON DELETE CASCADE,
  content_id      INTEGER NOT NULL REFERENCES content (id),
  -- open: to be archived. archived: the archive has exactly these bytes. failed: given up until somebody asks again.
  state           TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'archived', 'failed')),
  signed_id       TEXT,                 -- from the last ticket
  stored_at       INTEGER,              -- when the PUT for that ticket was answered with 2xx
  record_sent_at  INTEGER,              -- Rails only: a create was about to be sent
  highest_song_id INTEGER,              -- Rails only: the highest song id known just before that create
  song_id         INTEGER,
  archived_at     INTEGER,
  confirmed_at    INTEGER,              -- when the archive said last that it has these bytes
  failure_class   TEXT,                 -- see engine/archive/failure.ts
  failure_code    TEXT,
  failure_message TEXT,
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_try_at     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (archive_id, content_id)
) STRICT;
CREATE INDEX holding_fresh ON holding (archive_id, id) WHERE state = 'open' AND attempts = 0;
CREATE INDEX holding_retry ON holding (archive_id, next_try_at) WHERE state = 'open' AND attempts > 0;
CREATE INDEX holding_confirmed ON holding (archive_id, confirmed_at) WHERE state = 'archived';
CREATE INDEX holding_failed ON holding (archive_id, failure_code) WHERE state = 'failed';
CREATE UNIQUE INDEX holding_song ON holding (archive_id, song_id) WHERE song_id IS NOT NULL;

-- One stretch of work. The counts are of this run only; `archived` and `moved` are kept by triggers while it lasts.
CREATE TABLE run (
  id         INTEGER PRIMARY KEY,
  archive_id INTEGER REFERENCES archive (id) ON DELETE SET NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  archived   INTEGER NOT NULL DEFAULT 0, -- tracks whose bytes were sent and archived
  moved      INTEGER NOT NULL DEFAULT 0, -- tracks recognised at a new place
  puts       INTEGER NOT NULL DEFAULT 0, -- PUTs answered with 2xx
  bytes_sent INTEGER NOT NULL DEFAULT 0  -- their bytes
) STRICT;

-- A word from beside for whoever owns the ledger now.
CREATE TABLE inbox (
  id      INTEGER PRIMARY KEY,
  sent_at INTEGER NOT NULL,
  message TEXT NOT NULL                 -- JSON, see engine/ledger/inbox.ts
) STRICT;

-- How many tracks of a library stand how, for each archive. Kept by the triggers below in the transaction of every
-- change, so totals cost the same for a million tracks as for ten. 'missing' tracks are not counted.
CREATE TABLE tally (
  archive_id INTEGER NOT NULL REFERENCES archive (id) ON DELETE CASCADE,
  library_id INTEGER NOT NULL REFERENCES library (id) ON DELETE CASCADE,
  outcome    TEXT NOT NULL CHECK (outcome IN ('waiting', 'archived', 'failed', 'skipped')),
  tracks     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  PRIMARY KEY (archive_id, library_id, outcome)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tally_archive AFTER INSERT ON archive BEGIN
  INSERT INTO tally
  SELECT NEW.id, library_id, CASE state WHEN 'found' THEN 'waiting' ELSE state END AS outcome, count(*), sum(byte_size)
  FROM track WHERE state <> 'missing' GROUP BY library_id, outcome;
END;

CREATE TRIGGER tally_track_insert AFTER INSERT ON track WHEN NEW.state <> 'missing' BEGIN
  INSERT INTO tally
  SELECT archive.id, NEW.library_id,
    CASE WHEN NEW.state <> 'found' THEN NEW.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END,
    1, NEW.byte_size
  FROM archive LEFT JOIN holding ON holding.archive_id = archive.id AND holding.content_id = NEW.content_id
  WHERE true
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER tally_track_delete AFTER DELETE ON track WHEN OLD.state <> 'missing' BEGIN
  INSERT INTO tally
  SELECT archive.id, OLD.library_id,
    CASE WHEN OLD.state <> 'found' THEN OLD.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END,
    -1, -OLD.byte_size
  FROM archive LEFT JOIN holding ON holding.archive_id = archive.id AND holding.content_id = OLD.content_id
  WHERE true
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER tally_track_leaves AFTER UPDATE OF state, content_id, byte_size, library_id ON track WHEN OLD.state <> 'missing' BEGIN
  INSERT INTO tally
  SELECT archive.id, OLD.library_id,
    CASE WHEN OLD.state <> 'found' THEN OLD.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END,
    -1, -OLD.byte_size
  FROM archive LEFT JOIN holding ON holding.archive_id = archive.id AND holding.content_id = OLD.content_id
  WHERE true
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER tally_track_arrives AFTER UPDATE OF state, content_id, byte_size, library_id ON track WHEN NEW.state <> 'missing' BEGIN
  INSERT INTO tally
  SELECT archive.id, NEW.library_id,
    CASE WHEN NEW.state <> 'found' THEN NEW.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END,
    1, NEW.byte_size
  FROM archive LEFT JOIN holding ON holding.archive_id = archive.id AND holding.content_id = NEW.content_id
  WHERE true
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER tally_holding_insert AFTER INSERT ON holding WHEN NEW.state <> 'open' BEGIN
  INSERT INTO tally
  SELECT NEW.archive_id, library_id, 'waiting', -count(*), -sum(byte_size)
  FROM track WHERE content_id = NEW.content_id AND state = 'found' GROUP BY library_id
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
  INSERT INTO tally
  SELECT NEW.archive_id, library_id, NEW.state, count(*), sum(byte_size)
  FROM track WHERE content_id = NEW.content_id AND state = 'found' GROUP BY library_id
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER tally_holding_update AFTER UPDATE OF state ON holding WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO tally
  SELECT NEW.archive_id, library_id, CASE OLD.state WHEN 'open' THEN 'waiting' ELSE OLD.state END, -count(*), -sum(byte_size)
  FROM track WHERE content_id = NEW.content_id AND state = 'found' GROUP BY library_id
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
  INSERT INTO tally
  SELECT NEW.archive_id, library_id, CASE NEW.state WHEN 'open' THEN 'waiting' ELSE NEW.state END, count(*), sum(byte_size)
  FROM track WHERE content_id = NEW.content_id AND state = 'found' GROUP BY library_id
  ON CONFLICT DO UPDATE SET tracks = tracks + excluded.tracks, bytes = bytes + excluded.bytes;
END;

-- A run's counts follow the credits of its tracks, so that they stay disjoint when a file changes in mid-run.
CREATE TRIGGER run_credit_leaves AFTER UPDATE OF credit, credit_run ON track WHEN OLD.credit IS NOT NULL BEGIN
  UPDATE run SET archived = archived - (OLD.credit = 'sent'), moved = moved - (OLD.credit = 'moved')
  WHERE id = OLD.credit_run AND ended_at IS NULL;
END;

CREATE TRIGGER run_credit_arrives AFTER UPDATE OF credit, credit_run ON track WHEN NEW.credit IS NOT NULL BEGIN
  UPDATE run SET archived = archived + (NEW.credit = 'sent'), moved = moved + (NEW.credit = 'moved')
  WHERE id = NEW.credit_run AND ended_at IS NULL;
END;

CREATE TRIGGER run_credit_deleted AFTER DELETE ON track WHEN OLD.credit IS NOT NULL BEGIN
  UPDATE run SET archived = archived - (OLD.credit = 'sent'), moved = moved - (OLD.credit = 'moved')
  WHERE id = OLD.credit_run AND ended_at IS NULL;
END;

CREATE TRIGGER credit_leaves_with_content AFTER UPDATE OF state, content_id ON track
WHEN NEW.credit IS NOT NULL AND (NEW.state <> 'found' OR NEW.content_id IS NOT OLD.content_id) BEGIN
  UPDATE track SET credit = NULL, credit_run = NULL WHERE id = NEW.id;
END;

CREATE TRIGGER credit_leaves_with_holding AFTER UPDATE OF state ON holding
WHEN OLD.state = 'archived' AND NEW.state <> 'archived' BEGIN
  UPDATE track SET credit = NULL, credit_run = NULL WHERE content_id = NEW.content_id AND credit IS NOT NULL;
END;
