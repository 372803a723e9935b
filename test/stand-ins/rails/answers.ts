import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of the application itself: JSON, whatever was asked for. */
export const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

export const errorAnswer = (status: number, error: string): Answer => jsonAnswer(status, { error });

/** A status and nothing else, as Rails' `head`. */
export const bareAnswer = (status: number): Answer => ({ status });

/** What Rails says by itself when the application has nothing to say: JSON for those only who ask for it. */
export const railsAnswer = (status: 400 | 404, request: IncomingMessage): Answer => {
  const title = STATUS_CODES[status] ?? '';
  if (request.headers.accept?.includes('application/json') === true) {
    return jsonAnswer(status, { status, error: title });
  }
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${title} (${status})</title></head><body></body></html>`,
  };
};
