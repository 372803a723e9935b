import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';

/** Throws a {@link Refusal} for more items than the discovery answer allows. */
export const demandBatchSize = ({ settings }: Services, items: readonly unknown[]): void => {
  if (items.length > settings.batchLimit) {
    throw new Refusal('too_large', `At most ${settings.batchLimit} items may come in one request.`);
  }
};
