import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../server/config.ts';
import { createGroupedWrites } from '../../server/database/grouped-writes.ts';
import { openDatabase } from '../../server/database/open.ts';
import { publicUrlFor } from '../../server/http/public-url.ts';
import { startArchive } from '../../server/start.ts';
import { nodeLaunch } from '../../src-main/headless/launch.ts';
import { regularly } from '../../server/regularly.ts';
import { waitFor } from '../kit/wait-for.ts';
import { createTestLog } from './support/log.ts';
import { testFolder } from '../kit/test-folder.ts';
import { mp3 } from './support/audio.ts';
import { startTestArchive } from './support/archive.ts';
import { codeOf, createClient } from './support/client.ts';
import { modeOf, rows, storedObjects } from './support/look.ts';

describe('the settings', () => {
  it('have defaults, and a wrong one is said in one sentence', () => {
    expect(checkConfig({ dataDir: '/x' })).toMatchObject({ port: 4000, host: '127.0.0.1', corsOrigins: [] });
    const wrong = { dataDir: '', port: 70_000, publicUrl: 'ftp://x', contentTypes: ['text/html'] };
    expect(() => checkConfig(wrong)).toThrow(
      /^The archive's settings are not right\. .*dataDir.*port.*publicUrl.*contentTypes/,
    );
    const unknown = { dataDir: '/x', ports: 1 };
    expect(() => checkConfig(unknown)).toThrow(/ports/);
  });

  it('name proxies by addresses and ranges, and nobody can be told to believe everybody', () => {
    const good = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'];
    expect(checkConfig({ dataDir: '/x', trustProxy: good }).trustProxy).toEqual(good);
    for (const wrong of [
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0.1/8/8',
      'proxy',
      'true',
      '',
    ]) {
      expect(() => checkConfig({ dataDir: '/x', trustProxy: [wrong] })).toThrow(
        `trustProxy.0: ${wrong} is neither an IP address nor a range`,
      );
    }
  });

  it('make the address that clients are told', () => {
    const address = { port: 80, family: 'IPv4', address: '127.0.0.1' };
    expect(publicUrlFor(address)).toBe('http://127.0.0.1:80');
    expect(publicUrlFor({ ...address, family: 'IPv6', address: '::1' })).toBe('http://[::1]:80');
    expect(publicUrlFor({ ...address, address: '0.0.0.0' })).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:80$/);
  });

  it('of a public address are what tickets point to', async () => {
    const test = await startTestArchive({ config: { publicUrl: 'https://archive.example/music/' } });
    expect(test.archive.url).toBe('https://archive.example/music');
    await test.stop();
  });
});

describe('a data folder', () => {
  it('has one owner; a second start says who, and a stop sets it free', async () => {
    const test = await startTestArchive();
    const second = startArchive({ config: { dataDir: test.dataDir, port: 0 }, launch: nodeLaunch });
    await expect(second).rejects.toMatchObject({
      code: 'archive_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await test.restart();
    await test.stop();
  });

  it('is readable by its owner only, and keeps its identity and keys over restarts', async () => {
    const test = await startTestArchive();
    const { archiveId } = test.archive;
    expect(modeOf(join(test.dataDir, 'keys.json'))).toBe(0o600);
    await test.restart();
    expect(test.archive.archiveId).toBe(archiveId);
    await test.stop();
  });

  it('with a damaged file stops the start with words, and changes nothing', async () => {
    const test = await startTestArchive();
    await test.archive.close();
    const start = () => startArchive({ config: { dataDir: test.dataDir, port: 0 }, launch: nodeLaunch });
    const keys = readFileSync(join(test.dataDir, 'keys.json'));
    writeFileSync(join(test.dataDir, 'keys.json'), '{"keys":["short"]}');
    await expect(start()).rejects.toMatchObject({ code: 'key_file_invalid' });
    writeFileSync(join(test.dataDir, 'keys.json'), keys);

    const file = join(test.dataDir, 'archive.db');
    const database = readFileSync(file);
    writeFileSync(file, 'this is no database, but long enough to be read as one'.repeat(100));
    await expect(start()).rejects.toMatchObject({ code: 'database_unusable' });
    writeFileSync(file, database);

    const newer = new Database(file);
    newer.exec("insert into kysely_migration (name, timestamp) values ('999_later', '2099-01-01')");
    newer.close();
    await expect(start()).rejects.toMatchObject({ code: 'database_unusable', message: /newer/ });
    const back = new Database(file);
    back.exec("delete from kysely_migration where name = '999_later'");
    back.close();
    await test.restart();
    await test.stop();
  });
});

describe('stored files without their database', () => {
  it('are not begun anew over: the start says what to do, changes nothing, and works with the database put back', async () => {
    const test = await startTestArchive();
    const bytes = mp3();
    await createClient(test.archive.url, await test.tokenOf('mod@example.com')).upload(bytes);
    const { archiveId } = test.archive;
    await test.archive.close();
    const objects = storedObjects(test.dataDir);
    const file = join(test.dataDir, 'archive.db');
    renameSync(file, `${file}.away`);
    // The log of a database that was lost may hold its last songs; opening a new one would empty it.
    writeFileSync(`${file}-wal`, 'the last songs');
    const lost = expect.objectContaining({
      code: 'database_unusable',
      message: expect.stringMatching(/archive\.db.*backup.*move the folder objects away/),
    });

    await expect(test.restart()).rejects.toEqual(lost);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('the last songs');
    writeFileSync(file, '');
    await expect(test.restart()).rejects.toEqual(lost);
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('the last songs');
    rmSync(`${file}-wal`);
    // A database that was made anew somewhere, and knows no archive.
    rmSync(file);
    await (await openDatabase(file)).destroy();
    await expect(test.restart()).rejects.toEqual(lost);
    expect(storedObjects(test.dataDir)).toEqual(objects);

    renameSync(`${file}.away`, file);
    await test.restart();
    expect(test.archive.archiveId).toBe(archiveId);
    await test.stop();
  });
});

describe('a database that another process keeps locked', () => {
  it('makes the archive wait a little, then ask for patience; then it goes on', async () => {
    const test = await startTestArchive();
    const client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
    const other = new Database(join(test.dataDir, 'archive.db'));
    other.exec('begin immediate');
    const bytes = mp3();
    const ticket = client.ticketFor(bytes);
    await sleep(600);
    expect((await client.get('/health')).status).toBe(200);
    other.exec('rollback');
    expect((await client.put(await ticket, bytes)).status).toBe(204);

    other.exec('begin immediate');
    const answer = await client.record(await ticket);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'busy']);
    expect(answer.headers.get('retry-after')).toBe('2');
    other.exec('rollback');
    other.close();
    expect((await client.record(await ticket)).status).toBe(201);
    await test.stop();
  });
});

describe('work that is done regularly', () => {
  it('goes on after it failed, is never done twice at once, and ends when told', async () => {
    const log = createTestLog();
    let begun = 0;
    let inside = 0;
    const clockwork = regularly(
      2,
      async () => {
        begun += 1;
        inside += 1;
        await sleep(10);
        const together = inside;
        inside -= 1;
        throw new Error(`${together} at once`);
      },
      log.logger,
    );
    await waitFor('the third time', () => begun >= 3);
    await clockwork.stop();
    const ended = begun;
    await sleep(20);
    expect(begun).toBe(ended);
    expect(log.text()).toContain('1 at once');
    expect(log.text()).not.toContain('2 at once');
  });
});

describe('writes that come together', () => {
  it('share a commit, and one that fails undoes only itself', async () => {
    const folder = testFolder();
    const db = await openDatabase(join(folder, 'a.db'));
    const writes = createGroupedWrites(db, () => true);
    const add = (email: string) =>
      writes.run((trx) =>
        trx
          .insertInto('user')
          .values({ email, role: 'member', password_hash: null, created_at: 0 })
          .executeTakeFirstOrThrow(),
      );
    const results = await Promise.allSettled(['a', 'b', 'a', 'c'].map(add));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await db.selectFrom('user').select('email').orderBy('id').execute()).toEqual([
      { email: 'a' },
      { email: 'b' },
      { email: 'c' },
    ]);
    await writes.settled();
    await db.destroy();
  });

  it('are durable: the database waits for the disk with each commit', async () => {
    const test = await startTestArchive();
    expect(rows(test.dataDir, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(existsSync(join(test.dataDir, 'archive.db-wal'))).toBe(true);
    await test.stop();
  });
});
