import { config } from 'zod';

// Else zod tries, as soon as a schema is made, whether it may make code of it. The page's policy lets nobody do so, and a
// browser reports each attempt. Imported before everything that has schemas.
config({ jitless: true });
