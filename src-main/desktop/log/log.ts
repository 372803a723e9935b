import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import electronLog from 'electron-log/node.js';
import { stackOf } from '../../shell/errors.ts';
import { withoutSecrets } from './redact.ts';

export interface Log {
  readonly info: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
  /** With its stack and its causes. */
  readonly fault: (error: unknown) => void;
  readonly path: string;
  /** The newest, at most so many, the older first. */
  readonly lastLines: (count: number) => readonly string[];
}

/** Then it becomes the old one, and what was the old one goes: twice as much at most lies on the disk. */
const LARGEST = 1_000_000;

/** A log in this folder, which nobody else may read, and no secrets in it. */
export const openLog = (folder: string, largest = LARGEST): Log => {
  const path = join(folder, 'ledgerline.log');
  const logger = electronLog.create({ logId: path });
  const { file, console: terminal } = logger.transports;
  if (file === undefined || file === null) throw new Error('electron-log has no file to write to');
  file.resolvePathFn = () => path;
  file.maxSize = largest;
  file.format = '{iso} {level} {text}';
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  terminal.level = false;
  logger.hooks.push((message) => ({
    ...message,
    data: message.data.map((part) => withoutSecrets(String(part))),
  }));

  return {
    info: (sentence) => logger.info(sentence),
    warn: (sentence) => logger.warn(sentence),
    fault: (error) => logger.error(stackOf(error)),
    path,
    lastLines: (count) => {
      const texts = [`${path.slice(0, -'.log'.length)}.old.log`, path].map(textOf);
      return texts
        .join('')
        .split('\n')
        .map((line) => line.trimEnd())
        .filter((line) => line !== '')
        .slice(-count);
    },
  };
};

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
