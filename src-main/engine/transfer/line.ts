import { API_PREFIX, discoverySchema } from '../../../shared/api/discovery.ts';
import { readAnswer } from '../archive/answers.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { UnreachableError } from '../archive/errors.ts';
import { EngineError } from '../errors.ts';

/** Whether the archive can be reached at all, or why not. Asked after a broken connection, once for all who ask. */
export type LineCheck = () => Promise<EngineError | undefined>;

export const createLineCheck = ({ http, origin, discovery }: ArchiveConnection): LineCheck => {
  let asking: Promise<EngineError | undefined> | undefined;

  const ask = async (): Promise<EngineError | undefined> => {
    try {
      const answer = await http.api({ method: 'GET', url: `${origin}${API_PREFIX}` });
      if (answer.status >= 500) return new UnreachableError(origin, `it answers ${answer.status}`);
      // A refusal is all that an archive without this page has to say. Where there was one, a refusal comes from somebody
      // in between, as does a success that is not ours, or a way to somewhere else.
      if (discovery === undefined && answer.status >= 400) return undefined;
      const { archive_id } = readAnswer(origin, answer, discoverySchema);
      return discovery === undefined || archive_id === discovery.archive_id
        ? undefined
        : new UnreachableError(origin, 'another archive answers there');
    } catch (error) {
      if (error instanceof EngineError) return error;
      throw error;
    }
  };

  return () => (asking ??= ask().finally(() => (asking = undefined)));
};
