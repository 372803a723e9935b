import { randomBytes } from 'node:crypto';
import type { RailsBlob, RailsSong, RailsUser, StoredBytes } from './types.ts';

interface Session {
  readonly user: RailsUser;
  readonly expiresAt: number;
}

/** What the archive's database and its disk hold. It outlives a restart. */
export class RailsStore {
  readonly songs: RailsSong[] = [];
  readonly #blobs = new Map<string, RailsBlob>();
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get blobs(): readonly RailsBlob[] {
    return [...this.#blobs.values()];
  }

  openSession(user: RailsUser, lifeMs: number): { readonly token: string; readonly expiresAt: number } {
    const token = randomBytes(24).toString('hex');
    const expiresAt = this.#now() + lifeMs;
    this.#sessions.set(token, { user, expiresAt });
    return { token, expiresAt };
  }

  userOf(token: string): RailsUser | undefined {
    const session = this.#sessions.get(token);
    return session !== undefined && session.expiresAt > this.#now() ? session.user : undefined;
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }

  addBlob(blob: Pick<RailsBlob, 'filename' | 'contentType' | 'byteSize' | 'checksum'>): RailsBlob {
    const key = randomBytes(14).toString('hex');
    const added = { ...blob, id: this.#blobs.size + 1, key, createdAt: this.#timestamp() };
    this.#blobs.set(key, added);
    return added;
  }

  blob(key: string): RailsBlob | undefined {
    return this.#blobs.get(key);
  }

  /** Puts these bytes under the key, or with `undefined` removes what is there. */
  store(key: string, stored: StoredBytes | undefined): void {
    const blob = this.#blobs.get(key);
    if (blob === undefined) throw new Error(`There is no blob ${key}`);
    this.#blobs.set(key, { ...blob, stored });
  }

  addSong(song: Omit<RailsSong, 'id' | 'createdAt' | 'processingStatus'>): RailsSong {
    const added = {
      ...song,
      id: this.songs.length + 1,
      processingStatus: 'needs_review',
      createdAt: this.#timestamp(),
    };
    this.songs.push(added);
    return added;
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }
}
