import { describe, expect, it } from 'vitest';
import {
  type KnownTrack,
  type SeenEntry,
  type TrackState,
  compare,
} from '../../../src-main/engine/library/compare.ts';
import { REASONS, type ReasonCode } from '../../../src-main/engine/library/reasons.ts';

const known = (state: TrackState, reason: ReasonCode | null = null): KnownTrack => [
  1n,
  'a.mp3',
  10n,
  20n,
  30n,
  40n,
  state,
  reason,
];
const stats = { size: 10n, mtimeNs: 20n, ctimeNs: 30n, ino: 40n };
const seen = (other: Partial<typeof stats> = {}, reason?: ReasonCode): SeenEntry => ({
  key: 'a.mp3',
  stats: { ...stats, ...other },
  ...(reason !== undefined && { trouble: { state: REASONS[reason].state, reason } }),
});

describe('what a seen entry means', () => {
  it.each([
    ['found, as it was', known('found'), seen(), 'same'],
    ['found, other size', known('found'), seen({ size: 11n }), 'changed'],
    ['found, other mtime', known('found'), seen({ mtimeNs: 21n }), 'changed'],
    ['found, one nanosecond of ctime', known('found'), seen({ ctimeNs: 31n }), 'touched'],
    ['found, other inode', known('found'), seen({ ino: 41n }), 'touched'],
    ['found, now a link', known('found'), seen({}, 'link'), 'changed'],
    ['missing, as it was', known('missing'), seen(), 'back-unchanged'],
    ['missing, touched', known('missing'), seen({ ctimeNs: 31n }), 'back'],
    ['missing, empty now', known('missing'), seen({ size: 0n }, 'empty'), 'changed'],
    ['failed, as it was', known('failed', 'read_error'), seen(), 'same'],
    ['failed, chmod', known('failed', 'no_permission'), seen({ ctimeNs: 31n }), 'changed'],
    ['skipped, as it was', known('skipped', 'not_audio'), seen(), 'same'],
    ['skipped, replaced', known('skipped', 'not_audio'), seen({ ino: 41n }), 'changed'],
    ['empty still, touched', known('skipped', 'empty'), seen({ mtimeNs: 21n }, 'empty'), 'same'],
    ['link before, file with the same stat now', known('skipped', 'link'), seen(), 'changed'],
    ['empty before, link now', known('skipped', 'empty'), seen({}, 'link'), 'changed'],
    [
      'folder shut still',
      known('failed', 'folder_unreadable'),
      seen({ mtimeNs: 9n }, 'folder_unreadable'),
      'same',
    ],
    ['found, cannot be looked at now', known('found'), seen({ size: 0n }, 'read_error'), 'same'],
    ['failed so before', known('failed', 'read_error'), seen({ size: 0n }, 'read_error'), 'same'],
  ] as const)('%s', (_, track, entry, verdict) => {
    expect(compare(track, entry)).toBe(verdict);
  });
});
