import { onTestFinished } from 'vitest';
import { startTestArchive } from '../../server/support/archive.ts';
import { type FaultProxy, startFaultProxy } from '../../stand-ins/fault-proxy.ts';

const EMAIL = 'moderator@example.org';
const PASSWORD = 'tell nobody this one';

/** An archive behind a line that can be slowed down and frozen, and the arguments with which it is reached. */
export const startSlowArchive = async (
  bytesPerSecond: number,
): Promise<{ readonly line: FaultProxy; readonly argv: readonly string[] }> => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  const line = await startFaultProxy({ target: server.archive.url });
  onTestFinished(() => line.stop());
  line.setBandwidth(bytesPerSecond);
  return { line, argv: ['--url', line.origin, '--username', EMAIL, '--password', PASSWORD] };
};
