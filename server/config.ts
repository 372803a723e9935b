import { z } from 'zod';
import { AUDIO_MIME_TYPES, formatOfMimeType } from '../shared/audio-types.ts';
import { isAddressRange } from './http/address.ts';

const GiB = 1024 ** 3;

const notARange = ({ input }: { readonly input?: unknown }): string =>
  `${String(input)} is neither an IP address nor a range of them like 10.0.0.0/8`;

/** Everything that can be set. Only `dataDir` has no default. */
export const archiveConfigSchema = z.strictObject({
  /** The folder that holds database, keys and stored files. It has one owner at a time. */
  dataDir: z.string().min(1),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(4000),
  /** What addresses in answers begin with; without it the listening address. Never taken from a request. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  name: z.string().min(1).max(200).default('Ledgerline archive'),
  tokenLifetimeSeconds: z.int().positive().default(3600),
  refreshLifetimeSeconds: z
    .int()
    .positive()
    .default(30 * 24 * 3600),
  /** For how long a refresh token that was used already still works: its answer may have been lost on the way. */
  refreshGraceSeconds: z.int().min(0).default(20),
  ticketLifetimeSeconds: z.int().positive().default(900),
  /** For how long stored bytes wait for their record. */
  signedIdLifetimeSeconds: z
    .int()
    .positive()
    .default(24 * 3600),
  maxByteSize: z
    .int()
    .positive()
    .default(4 * GiB),
  contentTypes: z
    .array(z.string().refine((type) => formatOfMimeType(type) !== undefined, 'is not a known audio type'))
    .min(1)
    .default([...AUDIO_MIME_TYPES]),
  /** Origins of web pages that may use this archive from a browser. None: no CORS at all. */
  corsOrigins: z.array(z.url({ protocol: /^https?$/ })).default([]),
  /** Items in one batch request. */
  batchLimit: z.int().min(1).max(1000).default(100),
  /** Live tickets of one user that no bytes have come for yet. */
  maxPendingPerUser: z.int().positive().default(2000),
  /** A body that is no upload must be here as a whole within so many seconds. */
  bodySeconds: z.number().positive().default(30),
  /** An upload whose body brings fewer than `stallMinBytes` in this many seconds is ended. */
  stallSeconds: z.number().positive().default(30),
  stallMinBytes: z.int().positive().default(1024),
  /** Proxies (addresses or CIDR ranges) whose X-Forwarded-For is believed. None: nobody's is. */
  trustProxy: z.array(z.string().refine(isAddressRange, { error: notARange })).default([]),
  /** How long one file may keep the reader of tags busy, and how much memory the reader may use. */
  readTimeoutSeconds: z.number().positive().default(20),
  readHeapMiB: z.int().min(32).default(192),
});

/** What a caller passes in. */
export type ArchiveConfig = z.input<typeof archiveConfigSchema>;
/** The same with every default filled in. */
export type ArchiveSettings = Readonly<z.output<typeof archiveConfigSchema>>;

export class ConfigError extends Error {
  readonly code = 'config_invalid';
  override readonly name = 'ConfigError';
}

/** Checks once, at start. Throws {@link ConfigError} with one sentence that names every wrong value. */
export const checkConfig = (config: ArchiveConfig): ArchiveSettings => {
  const result = archiveConfigSchema.safeParse(config);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new ConfigError(`The archive's settings are not right. ${complaints.join('; ')}.`);
};
