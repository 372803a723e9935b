import { z } from 'zod';
import { someSettingsSchema } from '../settings.ts';
import { albumRowSchema, albumsOpenedSchema, albumsWantedSchema } from './albums.ts';
import { archiveStatusSchema } from './archive-status.ts';
import { idSchema, sliceSchema } from './fields.ts';
import { paceSchema, paceWantedSchema } from './pace.ts';
import { planSchema } from './plan.ts';
import { capabilitiesSchema, preferencesSchema, somePreferencesSchema } from './shell.ts';
import { pageStateSchema } from './state.ts';
import { trackDetailSchema, trackRowSchema, tracksOpenedSchema, tracksWantedSchema } from './tracks.ts';

/**
 * Everything that the page can ask for: verbs of the product, the same over Electron's channels and over a WebSocket.
 * What comes in is checked by the side that does it; a folder is named by a reference that this side gave out, never by
 * a path.
 */

const nothing = z.null();
/** Of a folder; good as long as the program runs. */
const folderRef = z.string().regex(/^[\w-]{1,64}$/);

const folderSchema = z.object({ ref: folderRef, name: z.string() });
export type PageFolder = z.infer<typeof folderSchema>;

const browsedSchema = z.object({
  /** The folder that is open, its path fit to be shown; null: the places to begin at. */
  here: z.object({ ref: folderRef, path: z.string() }).nullable(),
  /** One level up; null: the places to begin at. */
  parent: folderRef.nullable(),
  folders: z.array(folderSchema),
  /** Why there is nothing to see, in words. */
  trouble: z.string().nullable(),
});
export type Browsed = z.infer<typeof browsedSchema>;

/** What came of a form: done, or what is wrong, beside the field that it is about. */
const formResultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    field: z.enum(['folder', 'url', 'email', 'password']).nullable(),
    message: z.string(),
    /** It is done all the same by the same call with this as true, when a person has read the message and says so. */
    confirm: z.enum(['inClear', 'keepPassword']).optional(),
  }),
]);
export type FormResult = z.infer<typeof formResultSchema>;

const failureGroupSchema = z.object({
  code: z.string(),
  /** `skipped`: left out for good, here to be known; `ignored`: left out because a person said so. */
  state: z.enum(['failed', 'skipped', 'ignored']),
  /** What happened, and what can be done, for a person. */
  message: z.string(),
  advice: z.string(),
  count: z.int().nonnegative(),
  /** The first few; a track's id where it is known. */
  examples: z.array(z.object({ path: z.string(), track: idSchema.nullable() })),
});
export type PageFailureGroup = z.infer<typeof failureGroupSchema>;

/** The archive on this computer, before it is chosen. */
const archiveHereSchema = z.object({
  /** Where the copies would be kept, fit to be shown. */
  place: z.string(),
  bytesFree: z.int().nonnegative(),
  /** On the disk of the music: a copy and no backup. */
  sameDisk: z.boolean(),
});
export type ArchiveHere = z.infer<typeof archiveHereSchema>;

/** A slice of a view; null: it was given up, open it again. */
const sliceOf = <T extends z.ZodType>(row: T) => z.array(row).nullable();

export const CALLS = {
  state: { input: nothing, output: pageStateSchema },
  /** The folders below one, or the places to begin at. */
  browse: { input: folderRef.nullable(), output: browsedSchema },
  addLibrary: { input: folderRef, output: formResultSchema },
  /** Out of the ledger; files and archive stay as they are. */
  forgetLibrary: { input: z.int(), output: nothing },
  /** In that folder, or where the program keeps everything else. */
  archiveHere: { input: folderRef.nullable(), output: archiveHereSchema },
  useArchiveHere: { input: folderRef.nullable(), output: formResultSchema },
  useArchiveAt: {
    input: z.strictObject({
      url: z.string(),
      email: z.string(),
      password: z.string(),
      /** Whether the log-in is to outlive the program, where the system can keep it safe. */
      keep: z.boolean().default(false),
      /** That what is kept is the password itself, where the archive has nothing that could stand in for it, is known and wished. */
      keepPassword: z.boolean().default(false),
      /** That all of it, the password too, goes to another computer unencrypted is known and wished. */
      inClear: z.boolean().default(false),
    }),
    output: formResultSchema,
  },
  archiveStatus: { input: nothing, output: archiveStatusSchema.nullable() },
  /** Out of the archive on a server; what is archived stays so. */
  signOut: { input: nothing, output: nothing },
  /** What Start is going to do. Looks through the folders, so it can take a while. */
  plan: { input: nothing, output: planSchema },
  /** From now on, and whenever the program is started, until somebody pauses. */
  start: { input: nothing, output: formResultSchema },
  pause: { input: z.enum(['hour', 'tonight', 'until_resumed']), output: nothing },
  resume: { input: nothing, output: nothing },
  changeSettings: {
    input: someSettingsSchema.omit({ pause: true, archive: true, started: true }),
    output: nothing,
  },
  /** How fast it went in the last hours. */
  pace: { input: paceWantedSchema, output: paceSchema },
  openAlbums: { input: albumsWantedSchema, output: albumsOpenedSchema },
  albums: { input: sliceSchema, output: sliceOf(albumRowSchema) },
  openTracks: { input: tracksWantedSchema, output: tracksOpenedSchema },
  tracks: { input: sliceSchema, output: sliceOf(trackRowSchema) },
  track: { input: idSchema, output: trackDetailSchema.nullable() },
  failures: { input: nothing, output: z.array(failureGroupSchema) },
  /** Gives those another chance, or all without a code. */
  retry: { input: z.string().nullable(), output: nothing },
  /** Gives this one another chance. */
  retryTrack: { input: idSchema, output: nothing },
  /** Leaves those out from now on, until somebody retries them or they change. */
  ignore: { input: z.string(), output: nothing },
  /** A sentence that was read. */
  dismiss: { input: idSchema, output: nothing },

  // What the program around the engine does.
  capabilities: { input: nothing, output: capabilitiesSchema },
  /** The system's dialog; none where nothing was chosen. */
  chooseFolders: { input: nothing, output: z.array(folderSchema) },
  /** In the system's file manager. */
  reveal: { input: idSchema, output: nothing },
  preferences: { input: nothing, output: preferencesSchema },
  changePreferences: { input: somePreferencesSchema, output: preferencesSchema },
} as const;

/** Those that the shell does and not the engine. */
export const SHELL_CALLS = [
  'capabilities',
  'chooseFolders',
  'reveal',
  'preferences',
  'changePreferences',
] as const satisfies readonly CallName[];
export type ShellCallName = (typeof SHELL_CALLS)[number];
export type EngineCallName = Exclude<CallName, ShellCallName>;

export type CallName = keyof typeof CALLS;
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;

export const isCallName = (name: string): name is CallName => Object.hasOwn(CALLS, name);
