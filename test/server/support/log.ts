import { pino, type Logger } from 'pino';

/** A logger whose lines a test can read. */
export const createTestLog = (): {
  readonly logger: Logger;
  text(): string;
  audits(event: string): object[];
} => {
  let text = '';
  const logger = pino({ level: 'debug' }, { write: (line: string) => void (text += line) });
  return {
    logger,
    text: () => text,
    audits: (event) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { audit?: string })
        .filter((line) => line.audit === event),
  };
};
