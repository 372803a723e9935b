import { describe, expect, test } from 'vitest';
import type { Preferences } from '../../shared/bridge/shell.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { chromiumPath } from '../kit/browser.ts';
import { stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

describe.skipIf(chromiumPath === undefined)('settings', () => {
  const open = scriptedPages('settings');
  const excluding = (...exclusions: string[]): PageState =>
    stateOf({ settings: { ...DEFAULT_SETTINGS, exclusions } });

  test('what is set holds at once', async () => {
    const { page, host, asked } = await open(stateOf());
    const changes = () => asked('changeSettings');
    const changed = () => changes().at(-1);
    const settings = DEFAULT_SETTINGS;

    await page.getByText('Leave room for others').click();
    await waitFor('a limit', () => changes().length === 1);
    expect(changed()).toEqual({ lineLimit: 4_000_000 });
    host.push(stateOf({ settings: { ...settings, lineLimit: 4_000_000 } }));
    await page.getByRole('textbox', { name: 'At most' }).fill('2.5');
    await page.keyboard.press('Tab');
    await waitFor('another limit', () => changes().length === 2);
    expect(changed()).toEqual({ lineLimit: 2_500_000 });

    await page.getByRole('button', { name: 'Increase At most' }).click();
    await waitFor('one more', () => changes().length === 3);
    expect(changed()).toEqual({ lineLimit: 5_000_000 });
    await page.getByRole('textbox', { name: 'At most' }).fill('0');
    await page.keyboard.press('Tab');

    await page.getByText('Send only at night').click();
    await waitFor('a night', () => changes().length === 4);
    expect(changed()).toEqual({ nightWindow: { from: '22:00', to: '07:00' } });
    host.push(stateOf({ settings: { ...settings, nightWindow: { from: '22:00', to: '07:00' } } }));
    await page.getByLabel('From').fill('23:30');
    await waitFor('another night', () => changes().length === 5);
    expect(changed()).toEqual({ nightWindow: { from: '23:30', to: '07:00' } });

    await page.getByText('Find out by itself').click();
    await waitFor('a number', () => changes().length === 6);
    expect(changed()).toEqual({ concurrency: 4 });
  });

  test('a folder is taken out when that was said twice', async () => {
    const { page, asked } = await open(stateOf());
    const takeOut = page.getByRole('button', { name: /^Take out / }).first();
    await takeOut.click();
    await page.getByRole('button', { name: 'Keep it' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');
    await takeOut.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await takeOut.click();
    expect(asked('forgetLibrary')).toEqual([]);
    await page.getByRole('button', { name: 'Take it out' }).click();
    await waitFor('the call', () => asked('forgetLibrary').length === 1);
  });

  test('lines that leave something out are applied when asked for, and what others set is shown', async () => {
    const { page, host, asked, offences } = await open(excluding('Podcasts/'));
    const lines = page.getByRole('textbox', { name: /as in a .gitignore/ });
    expect(await lines.inputValue()).toBe('Podcasts/');
    await lines.fill('Podcasts/\n\n*.m4a\n');
    expect(asked('changeSettings')).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await waitFor('the change', () => asked('changeSettings').length === 1);
    expect(asked('changeSettings')).toEqual([{ exclusions: ['Podcasts/', '*.m4a'] }]);
    host.push(excluding('Podcasts/', '*.m4a', 'Live/'));
    await page.locator('textarea:focus').waitFor();
    await page.getByText('3 lines leave files out of every folder.').waitFor();
    expect(await lines.inputValue()).toBe('Podcasts/\n*.m4a\nLive/');
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(offences).toEqual([]);
  });

  test('a line that cannot be understood is named beside the field, and what was typed stays', async () => {
    const changeSettings = (): never => {
      throw new Error('The line "[" cannot be understood');
    };
    const { page } = await open(excluding(), { changeSettings });
    const lines = page.getByRole('textbox', { name: /as in a .gitignore/ });
    await lines.fill('[');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The line "[" cannot be understood').waitFor();
    expect(await lines.inputValue()).toBe('[');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await lines.inputValue()).toBe('');
  });

  test('on a desktop: what is kept is shown, not what was wished for', async () => {
    let kept: Preferences = { theme: 'dark', startAtLogin: false, notifications: true, keepAwake: true };
    const { page, asked } = await open(stateOf(), {
      capabilities: () => DESKTOP,
      preferences: () => kept,
      // The system would not let it start at log-in.
      changePreferences: ({ notifications = kept.notifications }) => (kept = { ...kept, notifications }),
    });
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    await page.getByText('Start when I log in').click();
    await page.getByText('Tell me when all is done or something needs me').click();
    await waitFor('both', () => asked('changePreferences').length === 2);
    expect(asked('changePreferences')).toEqual([{ startAtLogin: true }, { notifications: false }]);
    await waitFor('what is kept', async () => {
      const isOn = (name: RegExp) => page.getByRole('switch', { name }).isChecked();
      return !(await isOn(/log in/)) && !(await isOn(/Tell me/));
    });
    await page.getByText('Pause on battery').click();
    await waitFor('the change', () => asked('changeSettings').length === 1);
    expect(asked('changeSettings')).toEqual([{ pauseOnBattery: true }]);
  });

  test('in a browser: nothing that only a desktop can do', async () => {
    const { page, asked } = await open(stateOf());
    await waitFor('what can be done', () => asked('capabilities').length > 0);
    expect(await page.getByText('Start when I log in').count()).toBe(0);
    expect(await page.getByText('Pause on battery').count()).toBe(0);
    expect(asked('preferences')).toEqual([]);
  });

  test('a notice stands on every view until it was read', async () => {
    const message = 'The engine stopped and was started again. Nothing is lost.';
    const { page, host, asked } = await open(stateOf({ notices: [{ id: 7, message }] }));
    await page.getByRole('status').filter({ hasText: message }).waitFor();
    await page.getByRole('link', { name: 'Tonight' }).click();
    await page.getByRole('button', { name: `Dismiss: ${message}` }).click();
    await waitFor('the call', () => asked('dismiss').length === 1);
    expect(asked('dismiss')).toEqual([7]);
    host.push(stateOf());
    await page.getByText(message).waitFor({ state: 'detached' });
  });
});
