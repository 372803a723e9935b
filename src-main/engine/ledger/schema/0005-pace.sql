-- What went over the line and what was archived, in each minute in which anything was; the last 14 days.
CREATE TABLE pace (
  archive_id      INTEGER NOT NULL REFERENCES archive (id) ON DELETE CASCADE,
  minute          INTEGER NOT NULL,     -- since 1970
  bytes_sent      INTEGER NOT NULL,     -- also of uploads that came to nothing
  tracks_sent     INTEGER NOT NULL,
  bytes_archived  INTEGER NOT NULL,     -- of tracks that waited until then, whether they had to be sent or not
  tracks_archived INTEGER NOT NULL,
  PRIMARY KEY (archive_id, minute)
) STRICT, WITHOUT ROWID;
-- The work that is under way, or was last: from when something began to wait until nothing did any more.
ALTER TABLE archive ADD COLUMN job_began_at INTEGER;
ALTER TABLE archive ADD COLUMN job_ended_at INTEGER;
