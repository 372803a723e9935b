import { useEffect, useState } from 'react';

/** The value once nothing has changed it for a moment: nobody searches for half a word. */
export const useSettled = <T>(value: T, afterMs = 200): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
};
