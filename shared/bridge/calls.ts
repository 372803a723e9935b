import { z } from 'zod';
import { someSettingsSchema } from '../settings.ts';
import { pageStateSchema } from './state.ts';

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
  }),
]);
export type FormResult = z.infer<typeof formResultSchema>;

const failureGroupSchema = z.object({
  code: z.string(),
  /** What happened, and what can be done, for a person. */
  message: z.string(),
  advice: z.string(),
  count: z.int().nonnegative(),
  examples: z.array(z.string()),
});
export type PageFailureGroup = z.infer<typeof failureGroupSchema>;

export const CALLS = {
  state: { input: nothing, output: pageStateSchema },
  /** The folders below one, or the places to begin at. */
  browse: { input: folderRef.nullable(), output: browsedSchema },
  addLibrary: { input: folderRef, output: formResultSchema },
  /** Out of the ledger; files and archive stay as they are. */
  forgetLibrary: { input: z.int(), output: nothing },
  useArchiveHere: { input: nothing, output: formResultSchema },
  useArchiveAt: {
    input: z.strictObject({ url: z.string(), email: z.string(), password: z.string() }),
    output: formResultSchema,
  },
  /** From now on, and whenever the program is started, until somebody pauses. */
  start: { input: nothing, output: formResultSchema },
  pause: { input: z.enum(['hour', 'tonight', 'until_resumed']), output: nothing },
  resume: { input: nothing, output: nothing },
  changeSettings: {
    input: someSettingsSchema.omit({ pause: true, archive: true, started: true }),
    output: nothing,
  },
  failures: { input: nothing, output: z.array(failureGroupSchema) },
  /** Gives those another chance, or all without a code. */
  retry: { input: z.string().nullable(), output: nothing },
} as const;

export type CallName = keyof typeof CALLS;
export type CallInput<N extends CallName> = z.input<(typeof CALLS)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof CALLS)[N]['output']>;

export const isCallName = (name: string): name is CallName => Object.hasOwn(CALLS, name);
