import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {{ everyMs: number, patience: number }} Pace
 *   `patience`: after so many looks at a lock that its owner did not touch, the owner is taken for gone
 */

/** @type {Pace} */
const PACE = { everyMs: 500, patience: 60 };

/** @param {unknown} error @param {string} code */
const isCode = (error, code) => error instanceof Error && 'code' in error && error.code === code;

/**
 * Takes the lock file, waiting for its owner as long as that one lives. The owner touches the file while it works:
 * a process that died, or another machine's on a shared folder, is recognised by its silence, not by any clock.
 * @param {string} path
 * @param {() => void} onWait called once when somebody else has it
 * @param {Pace} [pace]
 * @returns {Promise<() => void>} releases it; may be called twice
 */
export const takeLock = async (path, onWait, pace = PACE) => {
  const mark = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  let waited = false;
  let looks = 0;
  let seen = '';
  while (!(await tryTake(path, mark))) {
    if (!waited) onWait();
    waited = true;
    const state = look(path);
    looks = state === seen ? looks + 1 : 0;
    seen = state;
    if (ownerIsDead(path) || looks >= pace.patience) rmSync(path, { force: true });
    else await sleep(pace.everyMs);
  }
  const beat = setInterval(() => touch(path), pace.everyMs);
  beat.unref();
  return () => {
    clearInterval(beat);
    if (readMark(path) === mark) rmSync(path, { force: true });
  };
};

/**
 * @param {string} path
 * @param {string} mark
 */
const tryTake = async (path, mark) => {
  try {
    writeFileSync(path, mark, { flag: 'wx' });
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  // Two that clear away the same dead lock may remove each other's new one: the last mark that stands has it.
  await sleep(50);
  return readMark(path) === mark;
};

/**
 * @param {string} path
 * @returns {string} empty where it is gone
 */
const readMark = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
};

/** @param {string} path */
const look = (path) => {
  try {
    return `${statSync(path).mtimeMs} ${readMark(path)}`;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
};

/** @param {string} path */
const touch = (path) => {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Somebody took it for dead and removed it; the release then leaves the new owner's alone.
    if (!isCode(error, 'ENOENT')) throw error;
  }
};

/** @param {string} path */
const ownerIsDead = (path) => {
  const match = /"host":"([^"]*)","pid":(\d+)/.exec(readMark(path));
  if (!match || match[1] !== hostname()) return false;
  try {
    process.kill(Number(match[2]), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
};
