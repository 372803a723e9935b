export interface PackageFacts {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  /** What the builder left in `app-update.yml`; undefined where there is none. */
  readonly updateConfig: string | undefined;
}

export type UpdatePolicy =
  | { readonly kind: 'on' }
  /** Why not, as a sentence for a person. */
  | { readonly kind: 'off'; readonly reason: string };

/** An update is code that will run as the person: only where the package can tell that it comes from us. */
export const updatePolicy = ({ isPackaged, platform, updateConfig }: PackageFacts): UpdatePolicy => {
  const off = (reason: string): UpdatePolicy => ({ kind: 'off', reason });
  if (!isPackaged) return off('Ledgerline runs from its sources here, which update with them.');
  switch (platform) {
    case 'darwin':
      if (updateConfig === undefined) return off(UNPUBLISHED);
      // The system itself refuses what is not signed as the running program is.
      return { kind: 'on' };
    case 'win32':
      if (updateConfig === undefined) return off(UNPUBLISHED);
      if (!namesPublisher(updateConfig))
        return off('This build is not signed, so it could not tell a real update from a false one.');
      return { kind: 'on' };
    default:
      return off('On Linux updates come with new packages: nothing here could check their signature.');
  }
};

const UNPUBLISHED = 'This build does not say where its updates come from.';

/** Without a publisher electron-updater checks no signature on Windows. */
const namesPublisher = (config: string): boolean =>
  /^publisherName:[ \t]*(?:[^\s#[].*|\[[^\]\s].*\]|\n(?:[ \t]*)- *\S.*)$/m.test(config);

/** Whether that version may replace this one: later releases only, never an older or an unfinished one. */
export const isNewer = (offered: string, current: string): boolean => {
  const [one, other] = [versionOf(offered), versionOf(current)];
  if (one === undefined || other === undefined || one.unfinished) return false;
  for (const [i, part] of one.parts.entries()) {
    const than = other.parts[i] ?? 0;
    if (part !== than) return part > than;
  }
  return other.unfinished;
};

const versionOf = (
  text: string,
): { readonly parts: readonly number[]; readonly unfinished: boolean } | undefined => {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(text);
  return match === null
    ? undefined
    : { parts: match.slice(1, 4).map(Number), unfinished: match[4] !== undefined };
};
