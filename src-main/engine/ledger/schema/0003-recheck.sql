-- An archive that lost something, or of which a person wished it, is asked for everything it said it has: up to this
-- holding it was asked. NULL: nothing of the kind is going on.
ALTER TABLE archive ADD COLUMN rechecked_to INTEGER;
