import { useEffect, useState } from 'react';
import { formatsFor, type Formats } from '../shared/formats.ts';

/** Digits and hours as this person's system writes them. */
export const formats: Formats = formatsFor(navigator.language);

/** The time, ms since 1970; told anew as often as the words of a view need it. */
export const useNow = (everyMs = 10_000): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};
