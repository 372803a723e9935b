import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Session } from '../shared/api/auth.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { Audit } from './audit.ts';
import type { ArchiveSettings } from './config.ts';
import type { GroupedWrites } from './database/grouped-writes.ts';
import type { Schema } from './database/schema.ts';
import type { Traffic } from './http/traffic.ts';
import type { Clock, Probe } from './probe.ts';
import type { Signer } from './signing/signer.ts';
import type { Space } from './storage/space.ts';
import type { ObjectStore } from './storage/contract.ts';

/** What the archive is made of, put together once in `start.ts` and passed to whoever needs some of it. */
export interface Services {
  readonly archiveId: string;
  readonly settings: ArchiveSettings;
  /** What addresses in answers begin with, without a slash at the end; known once the port is. */
  readonly publicUrl: () => string;
  readonly db: Kysely<Schema>;
  readonly writes: GroupedWrites;
  readonly store: ObjectStore;
  readonly space: Space;
  readonly signer: Signer;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly login: (request: { email: string; password: string; address: string }) => Promise<Session>;
  readonly clock: Clock;
  readonly probe: Probe;
  readonly audit: Audit;
  readonly logger: Logger;
  readonly traffic: Traffic;
  /** Tells the reader of tags that there is work. */
  readonly songQueued: () => void;
}
