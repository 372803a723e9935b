/**
 * A way to die at a chosen place, for the tests that kill this program: `LEDGERLINE_CRASH_AT=renamed:17` ends the
 * process without any farewell when it comes to the point `renamed` for the 17th time. Without it, nothing happens.
 * @param points every name that the caller knows; others are left to other callers.
 */
export const crashPoints = <Point extends string>(
  env: Readonly<Record<string, string | undefined>>,
  points: readonly Point[],
): ((point: Point) => void) => {
  const wanted = env['LEDGERLINE_CRASH_AT'];
  if (wanted === undefined || wanted === '') return () => undefined;
  const [name, nth = '1'] = wanted.split(':');
  // The server's points and the engine's are set by the same variable; each takes notice of its own.
  if (!points.some((point) => point === name)) return () => undefined;
  let left = Number(nth);
  if (!Number.isSafeInteger(left) || left < 1) {
    throw new TypeError(`LEDGERLINE_CRASH_AT=${wanted} must look like point:number.`);
  }
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
};
