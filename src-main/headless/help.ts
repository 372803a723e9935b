import { PROGRAM } from './typed.ts';

export const COMMAND_NAMES = [
  'web',
  'sync',
  'status',
  'list',
  'pause',
  'resume',
  'settings',
  'retry',
  'ignore',
  'forget',
  'demo',
  'server',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export const isCommand = (name: string): name is CommandName =>
  (COMMAND_NAMES as readonly string[]).includes(name);

/** What a person reads who does not know yet what this is. */
const GENERAL = `Ledgerline brings a large music library into an archive and never loses its place. Your files are only ever read.

  ${PROGRAM} web                      the page: choose folders and archive in your browser, start, and watch
  ${PROGRAM} demo                     see it work on a small library made for the purpose
  ${PROGRAM} sync --dry-run ~/Music   look at yours: how much it is and how long it takes; changes nothing
  ${PROGRAM} sync ~/Music             archive it on this computer, or elsewhere with --url
  ${PROGRAM} status                   how far it has come

All commands:

  ${PROGRAM} web             serves the page; what is started there goes on whenever this is started again
  ${PROGRAM} sync FOLDER…    archives libraries; a second start continues where the first one ended
  ${PROGRAM} status          how far it has come, and who is at work now
  ${PROGRAM} list            the files that failed, were skipped, wait, are missing or archived, with the reason
  ${PROGRAM} pause           send nothing for a while; resume goes on
  ${PROGRAM} settings        line limit, hours of the night, uploads at once, what to leave out
  ${PROGRAM} retry           give what failed another chance
  ${PROGRAM} ignore          leave out what failed
  ${PROGRAM} forget FOLDER   take a library out of the ledger; files and archive stay as they are
  ${PROGRAM} demo            see it work on a small library made for the purpose
  ${PROGRAM} server          run an archive for others, and look after its accounts

"${PROGRAM} COMMAND --help" tells more about each. --version says which one this is.
`;

const SYNC = `${PROGRAM} sync FOLDER… [options]

Archives every audio file in these folders. Your files are only ever read. Stop it at any time; the next start continues, sends nothing twice and forgets nothing.

  --url URL            the archive; without it, one on this computer that needs no account
  --username EMAIL     who signs in there; or LEDGERLINE_USERNAME, or you are asked
  --password PASS      better in LEDGERLINE_PASSWORD, or you are asked: others on this computer can see a command line
  --concurrent N       how many uploads at once, 1 to 50; auto (the default) finds out
  --watch              goes on after all is done and archives what is new
  --recheck            asks the archive again for everything it said it has, and sends what it lost; without this, only for what it was not asked for in a week
  --dry-run            only looks: how much, what is archived already, how long it would take; sends nothing
  --line SPEED         for --dry-run: your line, such as 20mbit or 2MB/s
  --verbose            a line for each file
  --json               the result as one JSON object, the last line of the output
  --traditional        sends through the archive instead of straight to its storage
  --accept-duplicates  goes on with an older archive that has songs which this computer knows nothing of
  --data-dir DIR       where ledger and archive are kept; or LEDGERLINE_DATA

Exit codes: 0 all archived that can be (what is skipped is listed), 1 some not yet (they are listed) or, of a dry run, something could not be looked at, 2 wrong use, 3 not signed in, 4 archive not reachable, 70 a fault of Ledgerline, 130 interrupted.
`;

const WEB = `${PROGRAM} web [options]

Serves the page of Ledgerline and prints a link that opens it, once. What is chosen and started there goes on by itself
whenever this is started again, whether a page is open or not. Ctrl-C stops it.

  --port N         where it listens; 4747, or another one where that is taken
  --host HOST      at which address; 127.0.0.1, which only this computer reaches. The line is not encrypted
  --root DIR       folders can be chosen only in there; may be repeated. Else: your home folder and disks in /media,
                   /mnt, /run/media and /Volumes
  --data-dir DIR   where ledger and archive are kept; or LEDGERLINE_DATA

Passwords are not kept. For an archive elsewhere, LEDGERLINE_PASSWORD (of LEDGERLINE_USERNAME) signs in at each start;
without it the page asks.
`;

const STATUS = `${PROGRAM} status [--json] [--data-dir DIR]

Libraries, archives, how many files are archived, the last run, the pace of the last hours and nights, and who is at work now. Works beside a run.
`;

const LIST = `${PROGRAM} list --state STATE [--search TEXT] [--limit N] [--json] [--data-dir DIR]

The files that stand so, each with its reason and what to do. STATE is failed, skipped, waiting, missing or archived.
Of several archives it is the one that was worked with last.

  --search TEXT   only those with all of these words in path, title, artist or album, whatever their case and accents
  --limit N       at most so many
  --json          one object a line
`;

const RETRY = `${PROGRAM} retry [--class CLASS] [--code CODE] [--track FILE] [--json] [--data-dir DIR]

Gives what failed another chance: at once when a run is under way, else at the next one. What "${PROGRAM} ignore" left out comes back by it too.

  --class CLASS   only these: retry (passes by itself), refused (by the archive), person (somebody must look)
  --code CODE     only what failed for this reason, as "list --state failed --json" tells it
  --track FILE    only this file
`;

const IGNORE = `${PROGRAM} ignore (--class CLASS | --code CODE | --all) [--json] [--data-dir DIR]

Leaves out what failed, until "${PROGRAM} retry" or until the file changes on disk. It counts as skipped then, never as archived. What waits to be tried again by itself has not failed yet and is not left out.

  --class CLASS   only these: retry (passes by itself), refused (by the archive), person (somebody must look)
  --code CODE     only what failed for this reason, as "list --state failed --json" tells it
  --all           everything that failed
`;

const PAUSE = `${PROGRAM} pause [--for TIME | --until TIME] [--json] [--data-dir DIR]

Finishes what is under way, for five minutes at most, and sends nothing until the pause is over. It also holds for runs that begin later.

  --for TIME     30min, 1h, 2d
  --until TIME   a time of day such as 22:00, or tonight: when the hours of the night begin, or 22:00 without such
  Without either: until "${PROGRAM} resume".
`;

const RESUME = `${PROGRAM} resume [--json] [--data-dir DIR]

Ends a pause.
`;

const SETTINGS = `${PROGRAM} settings [options]

Shows what holds for every run with this ledger, and changes what is named; a run under way follows within seconds.

  --limit SPEED    for all uploads together: 20mbit, 2MB/s; none lifts it
  --night HOURS    files go only then: 22:00-06:00, by this computer's clock; none lifts it
  --concurrent N   how many uploads at once, 1 to 50; auto finds out. "sync --concurrent" goes before it
  --pause-on-battery on|off   sends nothing while the computer runs on its battery; the desktop app heeds it, a run in a terminal cannot tell
  --exclude LINE   leaves out of every library what a line as in a .gitignore file names: Podcasts/, *.wav; may be repeated. What is archived of it stays so
  --no-exclude     takes all these lines away, before those that are named beside it
  --json           as one JSON object
  --data-dir DIR   whose ledger
`;

const FORGET = `${PROGRAM} forget FOLDER [--yes] [--json] [--data-dir DIR]

Takes a library out of the ledger. Its files are not touched, and what is archived of them stays archived.

  --yes   does not ask
`;

const DEMO = `${PROGRAM} demo [--keep]

Makes a small library of real audio files in a temporary folder, archives it there, shows that a second run sends nothing, and removes it all again.

  --keep   leaves it there to look at
`;

const SERVER = `"${PROGRAM} server --help" tells what it can do.
`;

/** Each line is a paragraph or a row; terminal/fitted.ts breaks them where they are shown. */
export const HELP: Readonly<Record<CommandName | 'general', string>> = {
  general: GENERAL,
  web: WEB,
  sync: SYNC,
  status: STATUS,
  list: LIST,
  pause: PAUSE,
  resume: RESUME,
  settings: SETTINGS,
  retry: RETRY,
  ignore: IGNORE,
  forget: FORGET,
  demo: DEMO,
  server: SERVER,
};
