import { describe, expect, test } from 'vitest';
import type { Plan } from '../../shared/bridge/plan.ts';
import type { PageArchive } from '../../shared/bridge/state.ts';
import { chromiumPath } from '../kit/browser.ts';
import { NOTHING_CHOSEN, standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

const HERE: PageArchive = { kind: 'here', place: '/data/archive', bytesFree: 3e12, sameDisk: true };
const FOLDER_CHOSEN = stateOf({ archive: null, work: null });
const BOTH_CHOSEN = stateOf({ archive: HERE, work: null });
const PLAN: Plan = {
  tracks: 12_408,
  bytes: 412e9,
  formats: [
    { name: 'flac', tracks: 12_000, bytes: 410e9 },
    { name: 'mp3', tracks: 408, bytes: 2e9 },
  ],
  leftOut: [{ reason: 'These files are empty.', files: 3, examples: ['/music/a/empty.flac'] }],
  otherFiles: 1_200,
  archived: 7,
  times: [{ pace: 'a line of 20 Mbit/s', seconds: 50 * 3600, nights: 6 }],
  room: { needed: 412e9, free: 3e12, enough: true },
};

describe.skipIf(chromiumPath === undefined)('Welcome', () => {
  const open = scriptedPages();

  test('folders come from the dialog of the system, and each one that is refused says why', async () => {
    const { page, asked } = await open(NOTHING_CHOSEN, {
      capabilities: () => DESKTOP,
      chooseFolders: () => [
        { ref: 'a', name: 'Music' },
        { ref: 'b', name: 'Jazz' },
      ],
      addLibrary: (ref) =>
        ref === 'a' ? { ok: true } : { ok: false, field: 'folder', message: 'It lies inside of Music.' },
    });
    await page.getByRole('button', { name: 'Choose folders' }).click();
    await page.getByRole('alert').getByText('It lies inside of Music.').waitFor();
    expect(asked('addLibrary')).toEqual(['a', 'b']);
  });

  test('the archive on this computer: where, how much room, and that a copy is no backup; in another folder if so wished', async () => {
    const { page, asked, says, host } = await open(FOLDER_CHOSEN, {
      capabilities: () => DESKTOP,
      archiveHere: (ref) =>
        ref === null
          ? { place: '/data/archive', bytesFree: 3e12, sameDisk: true }
          : { place: '/disk/archive', bytesFree: 8e12, sameDisk: false },
      chooseFolders: () => [{ ref: 'disk', name: 'disk' }],
      useArchiveHere: () => ({ ok: true }),
    });
    await page.getByText('On this computer').click();
    await page.getByText('/data/archive').waitFor();
    await page.getByText('3.0 TB are free').waitFor();
    await page.getByText('a copy, not a backup').waitFor();
    await page.getByRole('button', { name: 'Choose another folder' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await page.getByText('/disk/archive').waitFor();
    expect(await page.getByText('a copy, not a backup').count()).toBe(0);
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await waitFor('the choice', () => asked('useArchiveHere').length === 1);
    expect(asked('useArchiveHere')).toEqual(['disk']);
    host.push(BOTH_CHOSEN);
    await says(/Ready when you are/);
  });

  test('a folder in which the archive cannot be kept says why, and the one before it stays', async () => {
    const { page, asked } = await open(FOLDER_CHOSEN, {
      capabilities: () => DESKTOP,
      archiveHere: (ref) => {
        if (ref !== null) throw new Error('It would lie inside of your music.');
        return { place: '/data/archive', bytesFree: 3e12, sameDisk: false };
      },
      chooseFolders: () => [{ ref: 'music', name: 'Music' }],
      useArchiveHere: () => ({ ok: false, field: 'folder', message: 'This disk cannot be written to.' }),
    });
    await page.getByText('On this computer').click();
    await page.getByRole('button', { name: 'Choose another folder' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await page.getByText('It would lie inside of your music.').waitFor();
    await page.getByText('/data/archive').waitFor();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await page.getByText('This disk cannot be written to.').waitFor();
    expect(asked('useArchiveHere')).toEqual([null]);
  });

  test('going back to an archive that was chosen already does not choose it anew', async () => {
    const { page, asked, says } = await open(BOTH_CHOSEN, { plan: () => PLAN });
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await says(/Ready when you are/);
    expect([asked('archiveHere'), asked('useArchiveHere')]).toEqual([[], []]);
  });

  test('the plan tells what, how long, whether there is room and what is left out', async () => {
    const { page, offences } = await open(BOTH_CHOSEN, { plan: () => PLAN });
    const plan = page.locator('dl');
    await plan.getByText('12,408 tracks, 412 GB.').waitFor();
    for (const words of [
      '7 tracks more are in the archive already.',
      '12,000 tracks, 410 GB',
      '2 days 2 h, in 6 nights',
      '412 GB of the 3.0 TB that are free there.',
      '3 files: These files are empty.',
      '/music/a/empty.flac',
      '1,200 files of other kinds',
    ])
      await plan.getByText(words).waitFor();
    expect(offences).toEqual([]);
  });

  test('a plan that failed says why and is made again when asked for; Start does not wait for it', async () => {
    let tries = 0;
    const { page, asked } = await open(BOTH_CHOSEN, {
      plan: () => {
        tries += 1;
        if (tries === 1) throw new Error('The disk went away.');
        return { ...PLAN, tracks: 0, room: { needed: 1e12, free: 1e9, enough: false } };
      },
      start: () => ({ ok: false, field: null, message: 'Not yet.' }),
    });
    await page.getByRole('alert').getByText('The disk went away.').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').getByText('Not yet.').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.locator('dl').getByText('Nothing new: 7 tracks are archived already.').waitFor();
    await page.getByText('There is not room for all of it').waitFor();
    expect(asked('start')).toEqual([null]);
  });

  test('steps back when what a later step stands on is taken away elsewhere', async () => {
    const { host, says, page } = await open(BOTH_CHOSEN, { plan: () => PLAN });
    await says(/Ready when you are/);
    host.push(FOLDER_CHOSEN);
    await says(/Where shall it be kept/);
    host.push(NOTHING_CHOSEN);
    await says(/Where is your music/);
    expect(await page.locator('[aria-current=step]').textContent()).toBe('Your music');
  });

  test('by keyboard, the arrows go on in a folder that was opened', async () => {
    const { page } = await open(NOTHING_CHOSEN, {
      capabilities: () => ({ ...DESKTOP, folders: 'browser' }),
      browse: (ref) =>
        ref === null
          ? { here: null, parent: null, folders: [{ ref: 'home', name: '/home/anna' }], trouble: null }
          : {
              here: { ref: 'home', path: '/home/anna' },
              parent: null,
              folders: ['Music', 'Pictures'].map((name) => ({ ref: name, name })),
              trouble: null,
            },
    });
    await page.getByRole('row', { name: '/home/anna' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'Music' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('row', { name: 'Pictures' }).and(page.locator(':focus')).waitFor();
    expect(await page.getByText('/home/anna').count()).toBe(1);
  });

  test('from the first Tab to Start by keyboard alone', async () => {
    const { page, host, says, asked } = await open(FOLDER_CHOSEN, {
      archiveHere: () => ({ place: '/data/archive', bytesFree: 3e12, sameDisk: false }),
      useArchiveHere: () => {
        host.push(BOTH_CHOSEN);
        return { ok: true };
      },
      plan: () => PLAN,
      start: () => {
        host.push(stateOf({ standing: standingOf({ waiting: 3 }) }));
        return { ok: true };
      },
    });
    const tabTo = async (name: string): Promise<void> => {
      const wanted = page.getByRole('button', { name, exact: true });
      for (let tabs = 0; tabs < 12; tabs += 1) {
        await page.keyboard.press('Tab');
        if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
      }
      throw new Error(`${name} is not reached by Tab`);
    };
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByText('/data/archive').waitFor();
    await tabTo('Keep it here and continue');
    await page.keyboard.press('Enter');
    await says(/Ready when you are/);
    await tabTo('Start');
    await page.keyboard.press('Enter');
    await says(/0 of 3 tracks archived/);
    expect(asked('start')).toEqual([null]);
  });
});
