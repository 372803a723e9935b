import { z } from 'zod';
import type { CallInput, CallName, CallOutput, PageFolder } from './calls.ts';
import { pageStateSchema, type PageState } from './state.ts';

/** All that the page knows of the world. */
export interface Bridge {
  /** Rejects with a {@link BridgeError}. */
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;
  /** Told at once, and at most four times a second from then on. Returns how to stop. */
  readonly onState: (listener: (state: PageState) => void) => () => void;
  /** Whether the other side can be heard. Told at once. Returns how to stop. */
  readonly onLink: (listener: (link: Link) => void) => () => void;
  /** References for those of the files dropped onto the page that are folders; absent where none can be told apart. */
  readonly dropped?: (files: readonly unknown[]) => Promise<readonly PageFolder[]>;
}

/** `refused`: it answers, but not to this page, which was opened without a link that still holds. */
export type Link = 'up' | 'down' | 'refused';

/** Why a call was not done, in words for a person. */
export class BridgeError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What goes to the page, whatever carries it. */
export const toPageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), state: pageStateSchema }),
  z.object({ kind: z.literal('done'), id: z.int(), output: z.unknown() }),
  z.object({
    kind: z.literal('refused'),
    id: z.int(),
    error: z.object({ code: z.string(), message: z.string() }),
  }),
]);
export type ToPage = z.infer<typeof toPageSchema>;

/** What comes from it. */
export const fromPageSchema = z.strictObject({ id: z.int(), call: z.string(), input: z.unknown() });
export type FromPage = z.infer<typeof fromPageSchema>;
