import { z } from 'zod';

/** What the engine is told to do, the same for the desktop, the page and the command line. Kept in the ledger. */

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written like 22:00');

/** Between these times of day, by this computer's clock, files may be sent; over midnight where `from` is the later. */
const nightWindowSchema = z.strictObject({ from: timeOfDay, to: timeOfDay });
export type NightWindow = z.infer<typeof nightWindowSchema>;

/** Nothing is sent until then, ms since 1970; null: until somebody resumes. */
const pauseSchema = z.strictObject({ until: z.int().nullable() });
export type Pause = z.infer<typeof pauseSchema>;

/** The archive that a program which goes on by itself was told to use. Never with a secret. */
const chosenArchiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('here'),
    /** What the ledger knows it by. */
    identity: z.string(),
    /** Where the copies are kept; null: where the program keeps everything else. */
    folder: z.string().nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('server'), url: z.string(), email: z.string(), identity: z.string() }),
]);
export type ChosenArchive = z.infer<typeof chosenArchiveSchema>;

/** Below this a line limit would keep a connection so still that it is taken for dead. */
export const LEAST_LINE_LIMIT = 10_000;

export const LONGEST_EXCLUSION = 1000;
export const MOST_EXCLUSIONS = 200;

export const settingsSchema = z.strictObject({
  pause: pauseSchema.nullable(),
  nightWindow: nightWindowSchema.nullable(),
  /** Bytes a second for all uploads together; null: as much as the line gives. */
  lineLimit: z.int().min(LEAST_LINE_LIMIT).nullable(),
  /** How many uploads at once; auto finds out. */
  concurrency: z.union([z.literal('auto'), z.int().min(1).max(50)]),
  /** Nothing is sent while the computer runs on its battery, where that can be told. */
  pauseOnBattery: z.boolean(),
  /** What is left out of every library, a line each as in a .gitignore file. */
  exclusions: z.array(z.string().max(LONGEST_EXCLUSION)).max(MOST_EXCLUSIONS),
  /** Null: nobody has chosen one yet. `sync` is told each time and leaves this alone. */
  archive: chosenArchiveSchema.nullable(),
  /** Whether a program that goes on by itself begins as soon as it is started. */
  started: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;
export const someSettingsSchema = settingsSchema.partial();
/** Those that are to be changed; what is undefined stays as it is. */
export type SomeSettings = z.infer<typeof someSettingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  pause: null,
  nightWindow: null,
  lineLimit: null,
  concurrency: 'auto',
  pauseOnBattery: false,
  exclusions: [],
  archive: null,
  started: false,
};
