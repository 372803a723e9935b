import type { z } from 'zod';
import { problemSchema } from '../../../shared/api/problem.ts';
import { NotAnArchiveError, RefusedError } from './errors.ts';
import type { HttpAnswer } from './http.ts';

/**
 * Reads an answer of the archive's API: its JSON where the status says that it worked, else the refusal.
 * @throws RefusedError with the archive's code where it told one, else `http_<status>`
 * @throws NotAnArchiveError when a success is not what an archive says
 */
export const readAnswer = <S extends z.ZodType>(
  origin: string,
  answer: HttpAnswer,
  schema: S,
): z.output<S> => {
  if (answer.status < 200 || answer.status > 299) throw asRefusal(origin, answer);
  const parsed = schema.safeParse(parseJson(origin, answer));
  if (!parsed.success)
    throw new NotAnArchiveError(origin, `its answer has another shape: ${firstIssue(parsed.error)}`);
  return parsed.data;
};

export const asRefusal = (origin: string, answer: HttpAnswer): Error => {
  if (answer.status >= 300 && answer.status < 400)
    return new NotAnArchiveError(
      origin,
      `it sends us on to ${placeOf(answer.headers['location'])}; use that address if it is right`,
    );
  const problem = problemSchema.partial().safeParse(tryJson(answer.body));
  const { code, detail, error } = problem.success ? problem.data : {};
  const words = detail ?? error ?? `the archive answered ${answer.status}`;
  return new RefusedError(
    answer.status,
    code ?? `http_${answer.status}`,
    words,
    retryAfterMs(answer.headers['retry-after'], Date.now()),
  );
};

/** `Retry-After` in either of its two forms, as milliseconds from `now`. */
export const retryAfterMs = (
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined => {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};

const parseJson = (origin: string, { body, headers }: HttpAnswer): unknown => {
  const json = tryJson(body);
  if (json !== undefined) return json;
  const type = String(headers['content-type'] ?? 'no type').split(';')[0];
  throw new NotAnArchiveError(origin, `it answered with ${type} and not with JSON`);
};

const tryJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const placeOf = (location: string | readonly string[] | undefined): string => {
  try {
    return new URL(String(location)).origin;
  } catch {
    return 'another place';
  }
};

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
};
