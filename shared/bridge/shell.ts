import { z } from 'zod';

/** What a page can ask of the program around the engine, which differs between a desktop and a server. */

export const capabilitiesSchema = z.object({
  /** How folders are chosen: by the system's dialog, or by looking through those of the computer that serves the page. */
  folders: z.enum(['dialog', 'browser']),
  /** Folders may be dropped onto the page. */
  drop: z.boolean(),
  /** A file can be shown in the system's file manager. */
  reveal: z.boolean(),
  /** Theme, start at login, notifications, staying awake. */
  preferences: z.boolean(),
  /** Whether the computer has a battery to spare. */
  battery: z.boolean(),
  /** Where a log-in is kept: by the system's key store, or as long as the program lives. */
  secrets: z.enum(['system', 'memory']),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const preferencesSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  startAtLogin: z.boolean(),
  notifications: z.boolean(),
  /** The computer does not fall asleep while something is sent. */
  keepAwake: z.boolean(),
});
export type Preferences = z.infer<typeof preferencesSchema>;
export const somePreferencesSchema = preferencesSchema.partial();
export type SomePreferences = z.infer<typeof somePreferencesSchema>;
