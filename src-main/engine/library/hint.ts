export interface Hint {
  readonly notice: () => void;
  readonly cancel: () => void;
}

/**
 * Makes one hint of many notices. It comes after `quietMs` without a notice, but at the latest `everyMs` after the
 * first one, for a long copy may never be quiet; and never sooner than `everyMs` after the hint before.
 */
export const createHint = (hint: () => void, quietMs: number, everyMs: number): Hint => {
  let timer: NodeJS.Timeout | undefined;
  let isCancelled = false;
  let firstNotice: number | undefined;
  let lastHint = Number.NEGATIVE_INFINITY;

  const fire = (): void => {
    firstNotice = undefined;
    lastHint = performance.now();
    hint();
  };
  return {
    notice: () => {
      if (isCancelled) return;
      const now = performance.now();
      firstNotice ??= now;
      const due = Math.max(lastHint + everyMs, Math.min(now + quietMs, firstNotice + everyMs));
      clearTimeout(timer);
      timer = setTimeout(fire, Math.max(0, due - now));
    },
    cancel: () => {
      isCancelled = true;
      clearTimeout(timer);
    },
  };
};
