import { API_PREFIX, discoverySchema } from '../../../shared/api/discovery.ts';
import { readAnswer } from '../archive/answers.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { EngineError } from '../errors.ts';

/** Whether the archive can be reached at all, or why not. Asked after a broken connection, once for all who ask. */
export type LineCheck = () => Promise<EngineError | undefined>;

export const createLineCheck = ({ http, origin, discovery }: ArchiveConnection): LineCheck => {
  let asking: Promise<EngineError | undefined> | undefined;

  const ask = async (): Promise<EngineError | undefined> => {
    try {
      const answer = await http.api({ method: 'GET', url: `${origin}${API_PREFIX}` });
      // Any status is a sign of life; a page of somebody else in between is not.
      if (discovery !== undefined && answer.status < 300) readAnswer(origin, answer, discoverySchema);
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return error;
      throw error;
    }
  };

  return () => (asking ??= ask().finally(() => (asking = undefined)));
};
