/**
 * The base of every error that the engine throws on purpose: a stable `code` to decide by, words for a person that
 * say what happened and what to do, and the context without secrets. One subclass per cause.
 */
export abstract class EngineError extends Error {
  abstract readonly code: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(message: string, context: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.context = context;
  }
}

/** The code of a system error (`ENOENT`, `SQLITE_FULL`), if it is one. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
