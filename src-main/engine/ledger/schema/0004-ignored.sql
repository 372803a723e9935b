-- What failed can be left out because a person said so: a holding may be 'skipped' too. A CHECK cannot be changed, so the
-- table is made anew; the triggers of other tables go on naming it, which the old way of renaming lets them.
PRAGMA legacy_alter_table = ON;

CREATE TABLE new_holding (
  id              INTEGER PRIMARY KEY,  -- also the order of the work
  archive_id      INTEGER NOT NULL REFERENCES archive (id) ON DELETE CASCADE,
  content_id      INTEGER NOT NULL REFERENCES content (id),
  -- open: to be archived. archived: the archive has exactly these bytes. failed: given up until somebody asks again.
  -- skipped: had failed, and a person said to leave it out; the failure stays to be read.
  state           TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'archived', 'failed', 'skipped')),
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
  -- Rails only: the name under which the create in doubt was sent; the file may be renamed before it is looked for.
  record_name     TEXT,
  UNIQUE (archive_id, content_id)
) STRICT;
INSERT INTO new_holding (id, archive_id, content_id, state, signed_id, stored_at, record_sent_at, highest_song_id, song_id, archived_at,
  confirmed_at, failure_class, failure_code, failure_message, attempts, next_try_at, record_name)
SELECT id, archive_id, content_id, state, signed_id, stored_at, record_sent_at, highest_song_id, song_id, archived_at,
  confirmed_at, failure_class, failure_code, failure_message, attempts, next_try_at, record_name FROM holding;
DROP TABLE holding;
ALTER TABLE new_holding RENAME TO holding;
PRAGMA legacy_alter_table = OFF;

CREATE INDEX holding_fresh ON holding (archive_id, id) WHERE state = 'open' AND attempts = 0;
CREATE INDEX holding_retry ON holding (archive_id, next_try_at) WHERE state = 'open' AND attempts > 0;
CREATE INDEX holding_confirmed ON holding (archive_id, confirmed_at) WHERE state = 'archived';
CREATE INDEX holding_failed ON holding (archive_id, failure_code) WHERE state = 'failed';
CREATE UNIQUE INDEX holding_song ON holding (archive_id, song_id) WHERE song_id IS NOT NULL;
CREATE INDEX holding_skipped ON holding (archive_id, failure_code) WHERE state = 'skipped';

-- As they were: they went with the table.
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

CREATE TRIGGER credit_leaves_with_holding AFTER UPDATE OF state ON holding
WHEN OLD.state = 'archived' AND NEW.state <> 'archived' BEGIN
  UPDATE track SET credit = NULL, credit_run = NULL WHERE content_id = NEW.content_id AND credit IS NOT NULL;
END;
