import type { App } from 'electron';

/** Quits when what is under way had its moment to finish; windows are gone at once. */
export const quitWith = (
  app: Pick<App, 'on' | 'quit'>,
  close: () => Promise<void>,
  onFault: (error: unknown) => void,
): void => {
  let closing = false;
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    if (closing) return;
    closing = true;
    void close()
      .catch(onFault)
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
};
