-- What the engine is told to do, so that every shell sees the same. See shared/settings.ts; a name that is not here has
-- its default.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL                   -- JSON
) STRICT;
