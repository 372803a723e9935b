import type { Ledger } from '../../engine/ledger/ledger.ts';
import type { Library } from '../../engine/ledger/libraries.ts';
import { checkApartFromData, checkNoOverlap, chosenFolder } from '../../engine/library/choose.ts';
import type { Findings } from '../../engine/plan/findings.ts';
import { look } from '../../engine/plan/look.ts';
import { nodeLaunch } from '../launch.ts';

export interface NamedFolders {
  readonly folders: readonly string[];
  readonly cwd: string;
  /** Where the ledger of a real run lies. */
  readonly dataFolder: string;
  /** Where the archive is, as the ledger has it. */
  readonly place: string;
  readonly signal: AbortSignal;
  /** How long to look into files at most, in ms. */
  readonly lookMs: number;
}

/** Looks through folders as they were named, with a ledger that may be written to. */
export const lookAtFolders = async (ledger: Ledger, options: NamedFolders): Promise<Findings> => {
  const { place, signal, lookMs } = options;
  const libraries = await chooseLibraries(ledger, options);
  const { id } = await ledger.commit(
    () =>
      ledger.archives.all().findLast(({ url }) => url === place) ??
      ledger.archives.ensure(`unknown:${place}`, place, Date.now()),
  );
  return look(ledger, { launch: nodeLaunch, libraries, archiveId: id, signal, lookMs });
};

const chooseLibraries = async (
  ledger: Ledger,
  { folders, cwd, dataFolder }: NamedFolders,
): Promise<readonly Library[]> => {
  const chosen = folders.map((folder) => chosenFolder(folder, cwd));
  const known = ledger.libraries.all().map(({ path }) => path);
  for (const folder of chosen) {
    checkApartFromData(folder, dataFolder);
    checkNoOverlap(folder, [...chosen, ...known]);
  }
  const all = await ledger.commit(() => chosen.map((folder) => ledger.libraries.ensure(folder, Date.now())));
  return [...new Map(all.map((library) => [library.id, library])).values()];
};
