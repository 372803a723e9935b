import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { someSettingsSchema } from '../../../shared/settings.ts';

/** What somebody beside the owner may ask of it. */
export const inboxMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('retry'),
    failureClass: z.string().optional(),
    code: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('retry_track'), trackId: z.int() }),
  /** Leaves out what failed from now on; with one archive, for what that one did not take. */
  z.strictObject({
    kind: z.literal('ignore'),
    archiveId: z.int().optional(),
    failureClass: z.string().optional(),
    code: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('forget'), libraryId: z.int() }),
  z.strictObject({ kind: z.literal('set'), settings: someSettingsSchema }),
]);
export type InboxMessage = z.infer<typeof inboxMessageSchema>;

export interface Inbox {
  /** Takes all messages out, the oldest first. What cannot be read (a newer program's word) is left out. */
  readonly take: () => readonly InboxMessage[];
  readonly isEmpty: () => boolean;
}

export const createInbox = (db: Database): Inbox => {
  const any = db.prepare('SELECT 1 FROM inbox LIMIT 1');
  const all = db.prepare<[], { message: string }>('SELECT message FROM inbox ORDER BY id');
  const empty = db.prepare('DELETE FROM inbox');
  return {
    isEmpty: () => any.get() === undefined,
    take: () => {
      const messages = all.all().flatMap(({ message }) => messageOf(message) ?? []);
      empty.run();
      return messages;
    },
  };
};

/** What nobody can read must not keep what comes after it from being read. */
export const messageOf = (text: string): InboxMessage | undefined => {
  try {
    return inboxMessageSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Leaves a message for the owner of the ledger; for who does not own it. */
export const leaveMessage = (db: Database, message: InboxMessage, now: number): void => {
  db.prepare<[number, string]>('INSERT INTO inbox (sent_at, message) VALUES (?, ?)').run(
    now,
    JSON.stringify(message),
  );
};
