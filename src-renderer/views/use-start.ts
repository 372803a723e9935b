import { useState } from 'react';
import type { Asking } from '../bridge/context.tsx';

interface Start {
  readonly start: () => void;
  readonly busy: boolean;
  readonly problem: string | null;
}

/** Sets the work going. */
export const useStart = ({ ask, busy, problem }: Asking): Start => {
  const [refusal, setRefusal] = useState<string | null>(null);
  const start = async (): Promise<void> => {
    setRefusal(null);
    const result = await ask('start', null);
    if (result?.ok === false) setRefusal(result.message);
  };
  return { start: () => void start(), busy, problem: problem ?? refusal };
};
