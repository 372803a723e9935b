import { expect, test } from 'vitest';
import { createNotices } from '../../../src-main/engine/host/notices.ts';

test('the last five are kept, the oldest first, each until it was read', () => {
  const notices = createNotices();
  for (let i = 1; i <= 7; i += 1) notices.add(`sentence ${i}`);
  expect(notices.all().map(({ message }) => message)).toEqual([3, 4, 5, 6, 7].map((i) => `sentence ${i}`));
  const [first, second] = notices.all();
  notices.dismiss(second?.id ?? 0);
  expect(notices.all().map(({ message }) => message)).not.toContain('sentence 4');
  expect(notices.all()[0]).toEqual(first);
});

test('a sentence that was read is not told again', () => {
  const notices = createNotices();
  notices.add('once');
  notices.add('once');
  expect(notices.all()).toHaveLength(1);
  notices.dismiss(notices.all()[0]?.id ?? 0);
  notices.add('once');
  expect(notices.all()).toEqual([]);
  // Unless a person has done again what it is about; it stands there once all the same.
  notices.add('once', { again: true });
  notices.add('once', { again: true });
  expect(notices.all()).toEqual([{ id: 3, message: 'once' }]);
});
