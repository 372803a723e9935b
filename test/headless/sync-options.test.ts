import { describe, expect, test } from 'vitest';
import { parseSync } from '../../src-main/headless/commands/sync-options.ts';
import { UsageError } from '../../src-main/headless/usage-error.ts';

const io = { env: { LEDGERLINE_DATA: '/data' }, cwd: '/somewhere' };
const parse = (...argv: readonly string[]) => parseSync(argv, io);

describe('sync understands', () => {
  test('a folder alone: the archive on this computer, as many at once as the settings say', () => {
    expect(parse('Music')).toEqual({
      folders: ['Music'],
      dataFolder: '/data',
      server: undefined,
      concurrency: undefined,
      traditional: false,
      watch: false,
      acceptDuplicates: false,
      recheck: false,
      verbose: false,
      json: false,
      dryRun: false,
      line: undefined,
    });
  });

  test('everything at once', () => {
    const argv = ['a', 'b', '--url', 'archive.example:4000/api/v1/', '--username', 'me@example.org'];
    const more = [
      '--concurrent',
      '50',
      '--traditional',
      '--watch',
      '--json',
      '-v',
      '--accept-duplicates',
      '--recheck',
    ];
    expect(parse(...argv, ...more, '--data-dir', 'd')).toMatchObject({
      folders: ['a', 'b'],
      dataFolder: '/somewhere/d',
      server: { url: 'https://archive.example:4000', email: 'me@example.org', password: undefined },
      concurrency: 50,
      traditional: true,
      watch: true,
      json: true,
      verbose: true,
      acceptDuplicates: true,
      recheck: true,
    });
  });

  test('a folder that looks like an option, behind two dashes', () => {
    expect(parse('--', '--json').folders).toEqual(['--json']);
  });
});

describe('sync refuses, in one line that says what to do', () => {
  test.each([
    [[], /Name it: ledgerline sync/],
    [[''], /leave it out/],
    [['a', '--foo'], /There is no option --foo; "ledgerline sync --help"/],
    [['a', '-x'], /There is no option -x;/],
    [['a', '--url'], /--url needs a value/],
    [['a', '--url', '--json'], /--url needs a value; one that begins with a dash/],
    [['a', '--json=yes'], /--json stands alone/],
    [['a', '--concurrent', '0'], /1 to 50, or auto/],
    [['a', '--concurrent', '51'], /1 to 50, or auto/],
    [['a', '--concurrent', '5.5'], /1 to 50, or auto/],
    [['a', '--concurrent', 'many'], /1 to 50, or auto/],
    [['a', '--username', 'me'], /name it with --url/],
    [['a', '--password', 'x'], /name it with --url/],
    [['a', '--url', 'ftp://archive.example'], /looks like https:/],
    [['a', '--url', 'http://'], /looks like https:/],
    [['a', '--url', 'archive.example/music'], /leave \/music out/],
    [['a', '--line', '20mbit'], /use it with --dry-run/],
    [['a', '--dry-run', '--line', 'fast'], /write it like 20mbit/],
    [['a', '--dry-run', '--watch'], /do not go together/],
    [['a', '--dry-run', '--recheck'], /do not go together/],
    [['a', '--data-dir', ''], /needs the name of a folder/],
  ])('%j', (argv, words) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(words);
    expect(() => parse(...argv)).toThrow(/^[^\n]+$/);
  });
});
