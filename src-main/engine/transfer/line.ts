import { API_PREFIX, discoverySchema } from '../../../shared/api/discovery.ts';
import { readAnswer } from '../archive/answers.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { UnreachableError } from '../archive/errors.ts';
import { EngineError } from '../errors.ts';

/** Whether the archive can be reached at all, or why not. Asked after a broken connection, once for all who ask. */
export type LineCheck = () => Promise<EngineError | undefined>;

export const createLineCheck = ({ http, origin }: ArchiveConnection): LineCheck => {
  let asking: Promise<EngineError | undefined> | undefined;

  const ask = async (): Promise<EngineError | undefined> => {
    try {
      const answer = await http.api({ method: 'GET', url: `${origin}${API_PREFIX}` });
      if (answer.status >= 500) return new UnreachableError(origin, `it answers ${answer.status}`);
      // A refusal is a sign of life, and all that an archive without this page has to say. A success that is not ours,
      // or a way to somewhere else, comes from somebody in between.
      if (answer.status < 400) readAnswer(origin, answer, discoverySchema);
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return error;
      throw error;
    }
  };

  return () => (asking ??= ask().finally(() => (asking = undefined)));
};
