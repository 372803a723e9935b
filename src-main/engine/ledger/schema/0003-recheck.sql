-- An archive that lost something, or of which a person wished it, is asked for everything it said it has: up to this
-- holding it was asked. NULL: nothing of the kind is going on.
ALTER TABLE archive ADD COLUMN rechecked_to INTEGER;
-- Rails only: the name under which the create in doubt was sent; the file may be renamed before it is looked for.
ALTER TABLE holding ADD COLUMN record_name TEXT;
