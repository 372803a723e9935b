export interface RailsUser {
  readonly email: string;
  readonly password: string;
  readonly role: 'admin' | 'moderator' | 'member';
}

export interface RailsArchiveOptions {
  /** 0, any free one, unless told. */
  readonly port?: number;
  readonly users?: readonly RailsUser[];
  /** Milliseconds since 1970. Tokens and addresses expire by it; idle connections close by real time. */
  readonly now?: () => number;
  /** 5 minutes unless told. */
  readonly ticketLifeMs?: number;
  /** 1 hour unless told. */
  readonly tokenLifeMs?: number;
  /** How long an idle connection is kept open: 20 s unless told. */
  readonly keepAliveMs?: number;
  /** Whether a song tells `byte_size` and `checksum`, as some of these archives do. False unless told. */
  readonly songsTellContent?: boolean;
  /** False keeps only size and checksums of what was stored, for libraries that do not fit into memory. */
  readonly keepBytes?: boolean;
}

/** What lies under a blob's key. */
export interface StoredBytes {
  readonly byteSize: number;
  /** In hex. */
  readonly sha256: string;
  /** MD5 in base64. */
  readonly checksum: string;
  /** Whether the line or the server went away while it was being written. */
  readonly torn: boolean;
  /** Empty where the options say that bytes are not kept. */
  readonly bytes: Buffer;
}

export interface RailsBlob {
  readonly id: number;
  readonly key: string;
  readonly filename: string;
  readonly contentType: string;
  readonly byteSize: number;
  readonly checksum: string;
  readonly createdAt: string;
  /** Undefined as long as nothing was stored, and when it was deleted again. */
  readonly stored?: StoredBytes | undefined;
}

export interface RailsSong {
  readonly id: number;
  readonly blob: RailsBlob;
  readonly title: string;
  readonly artist: string | null;
  readonly album: string | null;
  readonly originalFilename: string;
  readonly processingStatus: string;
  readonly createdAt: string;
}

export const REQUEST_KINDS = ['login', 'ticket', 'put', 'record', 'list', 'other'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export interface RailsRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** Without its query, and without the secret of an upload address. */
  readonly path: string;
  /** By the archive's clock. */
  readonly at: number;
  /** Bytes of the body that arrived. */
  readonly bodyBytes: number;
  /** Undefined as long as nothing was answered; for good, where the answer was dropped. */
  readonly status?: number | undefined;
  /** The MD5 (base64) of the file that it was about, as the ticket told it: for ticket, put and record. */
  readonly checksum?: string | undefined;
  readonly misbehaved?: Misbehaviour['do'] | undefined;
}

export type Misbehaviour =
  /** Answers this and does nothing else. */
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Does the work and cuts the line instead of answering. */
  | { readonly do: 'drop-answer' }
  /** Cuts the line, as a proxy does whose patience is over, and does the work so much later all the same. */
  | { readonly do: 'work-on'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly do: 'hang' }
  /** Answers as usual, so much later. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Cuts the line when so many bytes of the body have arrived; a PUT leaves them behind. */
  | { readonly do: 'cut-body'; readonly afterBytes: number }
  /** The same, and the whole archive is gone until it is restarted. */
  | { readonly do: 'die-in-body'; readonly afterBytes: number }
  /** Does the work, and is then gone, without an answer, until it is restarted. */
  | { readonly do: 'die-after-work' };

export interface MisbehaveWhen {
  /** How many requests of the kind; one unless told. */
  readonly times?: number;
  /** How many go through as usual before; none unless told. */
  readonly skip?: number;
}

export interface RailsArchive {
  /** As in `http://127.0.0.1:1234`. It stays the same over a restart. */
  readonly origin: string;
  /** In the order in which they were made. */
  readonly songs: () => readonly RailsSong[];
  readonly blobs: () => readonly RailsBlob[];
  /** In the order in which they arrived. */
  readonly requests: () => readonly RailsRequest[];
  readonly counts: () => Readonly<Record<RequestKind, number>>;
  /** PUTs of a content, whatever became of them, by its MD5 in base64. */
  readonly putsOf: (checksum: string) => number;
  readonly forgetRequests: () => void;
  /** What is asked for first happens first; what is left of it can be taken back with `behave`. */
  readonly misbehave: (kind: RequestKind, how: Misbehaviour, when?: MisbehaveWhen) => void;
  readonly behave: () => void;
  /** Makes every bearer token invalid at once. */
  readonly forgetTokens: () => void;
  /** Cuts all lines and listens no longer, as when it is killed. What it has stored stays. */
  readonly kill: () => Promise<void>;
  /** Listens again on the same port, after a `kill` if it was still running. */
  readonly restart: () => Promise<void>;
  /** The same as `kill`, for good. */
  readonly stop: () => Promise<void>;
}
