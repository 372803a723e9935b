import type { Plan } from '../../../shared/bridge/plan.ts';
import { formatsFor } from '../../../shared/formats.ts';
import type { Launch } from '../../../shared/launch.ts';
import type { ChosenArchive } from '../../../shared/settings.ts';
import { EngineError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { look } from '../plan/look.ts';
import { pagePlan } from '../plan/page-plan.ts';
import { type Room, roomAt } from '../plan/room.ts';
import { withThrowAwayLedger } from '../plan/throw-away-ledger.ts';

/** What Start is going to do, found out without sending or changing anything. One look at a time. */
export interface Planning {
  /** Ends the look before, which nobody waits for any more. */
  readonly plan: () => Promise<Plan>;
  readonly end: () => void;
}

/** The look was ended: somebody asked again, pressed Start, or the program ends. */
export class PlanEndedError extends EngineError {
  readonly code = 'plan_ended';
  constructor() {
    super('The look through your folders was ended, as something newer was asked for.');
  }
}

/** A person waits for the answer; files that were not looked into by then are counted by their names. */
const LOOK_INTO_MS = 3_000;

export const createPlanning = (deps: {
  readonly dataFolder: string;
  readonly launch: Launch;
  /** Where the archive on this computer keeps everything unless a person chose another folder. */
  readonly archiveFolder: string;
  /** What stays free on its disk. */
  readonly reserveBytes: number;
}): Planning => {
  let stop = new AbortController();

  const roomFor = async (archive: ChosenArchive | null, bytes: number): Promise<Room | undefined> =>
    archive?.kind === 'here'
      ? roomAt(archive.folder ?? deps.archiveFolder, bytes, deps.reserveBytes)
      : undefined;

  const planWith = async (ledger: Ledger, signal: AbortSignal): Promise<Plan> => {
    const settings = ledger.settings.read();
    const { identity = 'unknown:' } = settings.archive ?? {};
    const { id } = await ledger.commit(
      () =>
        ledger.archives.all().find((row) => row.identity === identity) ??
        ledger.archives.ensure(identity, identity, Date.now()),
    );
    const findings = await look(ledger, {
      launch: deps.launch,
      libraries: ledger.libraries.all(),
      archiveId: id,
      signal,
      lookMs: LOOK_INTO_MS,
    });
    if (signal.aborted) throw new PlanEndedError();
    const room = await roomFor(settings.archive, findings.totals.bytesWaiting);
    return pagePlan(findings, settings, room, formatsFor());
  };

  return {
    plan: () => {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      return withThrowAwayLedger(deps.dataFolder, deps.launch.sqlFolder('ledger'), (ledger) =>
        planWith(ledger, signal),
      );
    },
    end: () => stop.abort(),
  };
};
