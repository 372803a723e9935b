import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { safeText } from '../terminal/safe-text.ts';
import { typed } from '../typed.ts';
import { openArchive, type ServerIo, UsageError } from './server-io.ts';

/** `ledgerline server clean`: removes what was uploaded and never became a song, and puts aside what is nobody's. */
export const clean = async (dataDir: string, hours: string | undefined, io: ServerIo): Promise<number> => {
  const olderThanSeconds = hours === undefined ? undefined : secondsOf(hours);
  const archive = await openArchive(dataDir);
  try {
    const report = await archive.cleanUp(olderThanSeconds === undefined ? {} : { olderThanSeconds });
    io.stdout.write(
      `In ${safeText(dataDir)}: removed ${report.blobs} unused uploads and ${report.sessions} ended sessions. ` +
        (report.objects === 0
          ? 'Every stored file belongs to something.\n'
          : `Put aside ${report.objects} files that nothing points to; they are in the folder quarantine.\n`),
    );
    if (report.stuck > 0) {
      io.stdout.write(
        `${report.stuck} could not be removed: look at the disk and at the rights of the folder objects, then run this ` +
          'again. archive.log names each file and the reason.\n',
      );
      return 1;
    }
  } finally {
    await archive.close();
  }
  return 0;
};

/** `ledgerline server verify`: is the file of every song there? Exit code 1 where one is not, or cannot be read. */
export const verify = async (dataDir: string, readBytes: boolean, io: ServerIo): Promise<number> => {
  const archive = await openArchive(dataDir);
  try {
    const { songs, damaged, stuck, unreadable } = await archive.verify({ readBytes });
    const left = new Set(stuck.map(({ id }) => id));
    for (const { id, filename, fault } of damaged) {
      const also = left.has(id) ? ', and could not be put aside' : '';
      io.stdout.write(`song ${id} (${safeText(filename)}): ${FAULTS[fault]}${also}\n`);
    }
    for (const { id, filename } of unreadable) {
      io.stdout.write(`song ${id} (${safeText(filename)}): its file cannot be read\n`);
    }
    const dark = unreadable.length === 0 ? '' : `, ${unreadable.length} not readable`;
    io.stdout.write(
      `In ${safeText(dataDir)}: ${songs} ${songs === 1 ? 'song' : 'songs'}, ${damaged.length} damaged${dark}.\n`,
    );
    if (!readBytes) io.stdout.write('Only sizes were compared; --read-bytes reads every byte.\n');
    if (stuck.length > 0)
      io.stdout.write(
        'What could not be put aside is not sent again by anybody, for the archive still counts it as stored: look at ' +
          'the disk and at the rights of the folders objects and quarantine, then run this again. archive.log names ' +
          'each file and the reason.\n',
      );
    if (damaged.length > stuck.length)
      io.stdout.write(
        `${keptAside(dataDir)}Whoever sent them sends them again with "${typed('sync --recheck')}", or by itself after a week.\n`,
      );
    if (unreadable.length > 0)
      io.stdout.write(
        'What cannot be read was left where it is, and is not called damaged: look at the disk and at the rights of ' +
          'the folder objects, then run this again. archive.log names each file and the reason.\n',
      );
    return damaged.length + unreadable.length > 0 ? 1 : 0;
  } finally {
    await archive.close();
  }
};

/** A file that was put aside by an earlier look is missing by now. */
const keptAside = (dataDir: string): string => {
  const folder = join(dataDir, 'quarantine');
  return existsSync(folder) ? `What is left of damaged files is kept in ${safeText(folder)}. ` : '';
};

const FAULTS = {
  missing: 'its file is missing',
  wrong_size: 'its file has the wrong size',
  wrong_bytes: 'its file has other bytes than were stored',
} as const;

const secondsOf = (hours: string): number => {
  if (!/^\d{1,6}(\.\d+)?$/.test(hours)) throw new UsageError(`${hours} is not a number of hours.`);
  return Number(hours) * 3600;
};
