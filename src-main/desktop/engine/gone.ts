import { EngineError } from '../../engine/errors.ts';

const GONE = 'Ledgerline’s engine is starting again. Please try again in a moment.';

/** The engine's process is not there, or has ended without being asked to. */
export class EngineGoneError extends EngineError {
  readonly code = 'engine_gone';
  constructor(exitCode?: number) {
    super(GONE, { exitCode });
  }
}
