import { createHmac, randomBytes } from 'node:crypto';

type Purpose = 'blob_id' | 'blob_token';

interface Signed<T> {
  readonly value: T;
  /** Milliseconds since 1970; null for what never expires. */
  readonly expiresAt: number | null;
}

export interface Signer {
  readonly sign: (purpose: Purpose, value: unknown, expiresAt: number | null) => string;
  /** Undefined where it was tampered with or made for something else. Whether it has expired is left to the caller. */
  readonly open: <T>(purpose: Purpose, signed: string) => Signed<T> | undefined;
}

/** As Rails' message verifier: data, two dashes, a digest; each purpose for itself. */
export const createSigner = (): Signer => {
  const secret = randomBytes(32);
  const digest = (purpose: Purpose, data: string): string =>
    createHmac('sha256', secret).update(`${purpose}:${data}`).digest('hex');
  return {
    sign: (purpose, value, expiresAt) => {
      const data = Buffer.from(JSON.stringify({ value, expiresAt })).toString('base64url');
      return `${data}--${digest(purpose, data)}`;
    },
    open: <T>(purpose: Purpose, signed: string) => {
      const [data = '', given = ''] = signed.split('--');
      if (given !== digest(purpose, data)) return undefined;
      return JSON.parse(Buffer.from(data, 'base64url').toString('utf8')) as Signed<T>;
    },
  };
};
