import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Difference } from '../../../src-main/engine/library/differences.ts';
import { openKnown } from '../../../src-main/engine/library/known.ts';
import { survey } from '../../../src-main/engine/library/survey.ts';
import { writeSong } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { LedgerFixture } from './ledger-fixture.ts';

test('a share that dies within the first look: what cannot be looked into any more is not called failed', async () => {
  const library = join(testFolder('share'), 'Music');
  for (const path of ['a/1.mp3', 'b/2.mp3', 'c/3.mp3']) writeSong(library, path);
  const ledger = new LedgerFixture(testFolder('data'), Buffer.from(library));
  onTestFinished(() => ledger[Symbol.dispose]());
  const known = openKnown(ledger.path, ledger.libraryId);
  onTestFinished(known.close);
  let folders = 0;
  const told: Difference<string>[] = [];
  const result = await survey(
    Buffer.from(library),
    known,
    { folders: 0, files: 0, bytes: 0 },
    {
      add: (difference) => void told.push(difference),
      folderDone: () => {
        folders += 1;
        if (folders !== 2) return undefined;
        // After the folder "a" another disk is at this place, whose folders cannot be opened.
        renameSync(library, `${library}-away`);
        mkdirSync(library);
        for (const name of ['b', 'c']) symlinkSync(name, join(library, name));
        return undefined;
      },
    },
  );
  expect(result).toMatchObject({ outcome: 'unreachable', reason: 'root_changed' });
  expect(told).toMatchObject([{ kind: 'new', folder: 'a', name: '1.mp3' }]);
});
