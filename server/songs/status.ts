import { type ProcessingStatus } from '../../shared/api/songs.ts';
import type { ArchiveStatus } from '../../shared/api/status.ts';
import type { Services } from '../services.ts';

/** Songs by what became of them, the queue of the reader of tags, and the room that is used and left. */
export const archiveStatus = async ({ db, space, clock }: Services): Promise<ArchiveStatus> => {
  const songs: Record<ProcessingStatus, number> = {
    queued: 0,
    processing: 0,
    needs_review: 0,
    unreadable: 0,
  };
  const counts = await db
    .selectFrom('song')
    .select(['processing_status', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('processing_status')
    .execute();
  for (const { processing_status: status, count } of counts) songs[status] = Number(count);

  const oldest = await db
    .selectFrom('song')
    .select('created_at')
    .where('processing_status', 'in', ['queued', 'processing'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const { used } = await db
    .selectFrom('blob')
    .select((eb) => eb.fn.sum<number | null>('byte_size').as('used'))
    .where('state', 'in', ['uploaded', 'recorded'])
    .executeTakeFirstOrThrow();
  return {
    songs,
    queue: {
      depth: songs.queued + songs.processing,
      oldest_seconds: oldest === undefined ? null : Math.max(0, (clock() - oldest.created_at) / 1000),
    },
    storage: { used_bytes: Number(used ?? 0), free_bytes: await space.freeBytes() },
  };
};
