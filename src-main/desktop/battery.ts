import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux lists what it gets its power from. */
const SUPPLIES = '/sys/class/power_supply';

/** Whether the computer may ever run on a battery. Linux tells; of the others it is assumed. */
export const hasBattery = (platform: NodeJS.Platform, supplies = SUPPLIES): boolean => {
  if (platform !== 'linux') return true;
  if (!existsSync(supplies)) return false;
  return readdirSync(supplies).some((name) => {
    const fact = (file: string): string | undefined => {
      const path = join(supplies, name, file);
      return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
    };
    // Mice and headsets list theirs too, as of a device.
    return fact('type') === 'Battery' && fact('scope') !== 'Device';
  });
};
