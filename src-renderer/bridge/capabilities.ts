import { useEffect, useState } from 'react';
import type { Capabilities } from '../../shared/bridge/shell.ts';
import { useAsk } from './context.tsx';

/** What can be asked of the program around the engine; null until it has told. */
export const useCapabilities = (): Capabilities | null => {
  const { ask } = useAsk();
  const [capabilities, setCapabilities] = useState<Capabilities | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void ask('capabilities', null).then((told) => {
      if (isCurrent && told !== undefined) setCapabilities(told);
    });
    return () => {
      isCurrent = false;
    };
  }, [ask]);
  return capabilities;
};
