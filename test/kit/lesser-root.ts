import { spawnSync } from 'node:child_process';

/** From util-linux. Without these two rights the modes of files hold for root, too. */
const [SETPRIV, LESS] = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];

const isRoot = process.getuid?.() === 0;

/** Why what files' modes forbid cannot be tried here; false where it can be. */
export const nothingIsForbidden = (): string | false =>
  isRoot && spawnSync(SETPRIV, [LESS, 'true']).status !== 0
    ? 'nothing is forbidden to root, and setpriv, which could change that, is not here'
    : false;

/**
 * The command as one who may do only what files' modes allow: root runs it as a lesser root. That one can still go where
 * only root may, such as to a checkout in root's own home.
 */
export const bound = (command: string, args: readonly string[]): readonly [string, readonly string[]] =>
  isRoot ? [SETPRIV, [LESS, command, ...args]] : [command, args];
