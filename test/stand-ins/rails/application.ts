import type { IncomingMessage } from 'node:http';
import { bareAnswer, errorAnswer, jsonAnswer, railsAnswer, type Answer } from './answers.ts';
import type { ReadBody } from './body.ts';
import type { Signer } from './signing.ts';
import type { RailsStore } from './store.ts';
import { tamedContentType, tamedFilename } from './taming.ts';
import type { RailsArchiveOptions, RailsBlob, RailsSong, RequestKind } from './types.ts';

export type RailsSettings = Required<Omit<RailsArchiveOptions, 'port' | 'keepAliveMs'>>;

export interface RailsContext {
  readonly settings: RailsSettings;
  readonly store: RailsStore;
  readonly signer: Signer;
}

/** What the request log is told besides the status. */
export interface Handled {
  readonly answer: Answer;
  readonly checksum?: string | undefined;
}

const DISK_PATH = '/rails/active_storage/disk/';
const DEFAULT_PER_PAGE = 25;
const MAX_PER_PAGE = 100;
const MD5_BASE64 = /^[A-Za-z0-9+/]{22}==$/;

export const kindOf = (method: string, path: string): RequestKind => {
  if (method === 'PUT' && path.startsWith(DISK_PATH)) return 'put';
  switch (`${method} ${path}`) {
    case 'POST /api/v1/auth/login':
      return 'login';
    case 'POST /api/v1/songs/direct_upload':
      return 'ticket';
    case 'POST /api/v1/songs/create_from_blob':
      return 'record';
    case 'GET /api/v1/songs':
      return 'list';
    default:
      return 'other';
  }
};

/** The path as it may be logged. */
export const withoutSecret = (path: string): string =>
  path.startsWith(DISK_PATH) ? `${DISK_PATH}[token]` : path;

/** The whole archive, once the request's body has arrived. */
export const handle = (
  context: RailsContext,
  kind: RequestKind,
  request: IncomingMessage,
  url: URL,
  body: ReadBody,
): Handled => {
  switch (kind) {
    case 'login':
      return { answer: logIn(context, request, body) };
    case 'ticket':
      return asModerator(context, request, () => issueTicket(context, request, body));
    case 'put':
      return storeBytes(context, request, url, body);
    case 'record':
      return asModerator(context, request, () => createFromBlob(context, request, body));
    case 'list':
      return asModerator(context, request, () => ({ answer: listSongs(context, url) }));
    case 'other':
      return { answer: railsAnswer(404, request) };
  }
};

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

const jsonFields = (request: IncomingMessage, body: ReadBody): Fields | undefined => {
  if (request.headers['content-type']?.startsWith('application/json') !== true) return undefined;
  try {
    return fieldsOf(JSON.parse(body.bytes.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const logIn = ({ settings, store }: RailsContext, request: IncomingMessage, body: ReadBody): Answer => {
  const fields = jsonFields(request, body);
  if (fields === undefined) return railsAnswer(400, request);
  const index = settings.users.findIndex(
    ({ email, password }) => email === fields['email'] && password === fields['password'],
  );
  const user = settings.users[index];
  if (user === undefined) return errorAnswer(401, 'Invalid email or password');
  const { token, expiresAt } = store.openSession(user, settings.tokenLifeMs);
  return jsonAnswer(200, {
    api_token: token,
    expires_at: new Date(expiresAt).toISOString(),
    user: { id: index + 1, email: user.email, role: user.role },
  });
};

const asModerator = ({ store }: RailsContext, request: IncomingMessage, work: () => Handled): Handled => {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const user = token === undefined ? undefined : store.userOf(token);
  if (user === undefined) return { answer: errorAnswer(401, 'Unauthorized') };
  if (user.role === 'member') return { answer: errorAnswer(403, 'Forbidden') };
  return work();
};

/** What an upload address is good for. */
interface UploadToken {
  readonly key: string;
  readonly contentType: string;
  readonly byteSize: number;
  readonly checksum: string;
}

const issueTicket = (
  { settings, store, signer }: RailsContext,
  request: IncomingMessage,
  body: ReadBody,
): Handled => {
  const fields = jsonFields(request, body);
  const asked = fieldsOf(fields?.['blob']) ?? fields;
  const filename = textOf(asked?.['filename']);
  if (asked === undefined || filename === null) return { answer: railsAnswer(400, request) };
  const { byte_size: byteSize, checksum } = asked;
  if (typeof checksum !== 'string' || !MD5_BASE64.test(checksum)) {
    return { answer: errorAnswer(422, "Validation failed: Checksum can't be blank") };
  }
  if (typeof byteSize !== 'number' || !Number.isInteger(byteSize) || byteSize < 0) {
    return { answer: errorAnswer(422, 'Validation failed: Byte size is not a number'), checksum };
  }
  const blob = store.addBlob({
    filename: tamedFilename(filename),
    contentType: tamedContentType(textOf(asked['content_type']) ?? 'application/octet-stream'),
    byteSize,
    checksum,
  });
  const token: UploadToken = { key: blob.key, contentType: blob.contentType, byteSize, checksum };
  const address = signer.sign('blob_token', token, settings.now() + settings.ticketLifeMs);
  const signedId = signer.sign('blob_id', blob.key, null);
  const answer = jsonAnswer(200, {
    id: blob.id,
    key: blob.key,
    filename: blob.filename,
    content_type: blob.contentType,
    metadata: {},
    service_name: 'local',
    byte_size: blob.byteSize,
    checksum: blob.checksum,
    created_at: blob.createdAt,
    signed_id: signedId,
    direct_upload: {
      url: `http://${request.headers.host}${DISK_PATH}${address}`,
      headers: { 'Content-Type': blob.contentType },
      signed_id: signedId,
    },
  });
  return { answer, checksum };
};

/** The upload that an address was made for, expired or not; undefined where it is not one of ours. */
const uploadTokenOf = (
  signer: Signer,
  url: URL,
): { readonly value: UploadToken; readonly expiresAt: number | null } | undefined =>
  signer.open<UploadToken>('blob_token', decodeURIComponent(url.pathname.slice(DISK_PATH.length)));

/**
 * As Active Storage's disk service: straight onto the key, and what does not fit the checksum is deleted, even
 * where good bytes lay before. The web server hands the request on after its last byte, so only then the address
 * is looked at.
 */
const storeBytes = (
  { settings, store, signer }: RailsContext,
  request: IncomingMessage,
  url: URL,
  body: ReadBody,
): Handled => {
  const token = uploadTokenOf(signer, url);
  if (token === undefined) return { answer: bareAnswer(404) };
  const { key, contentType, byteSize, checksum } = token.value;
  if (token.expiresAt !== null && token.expiresAt <= settings.now()) {
    return { answer: bareAnswer(404), checksum };
  }
  if (body.torn) {
    store.store(key, body);
    return { answer: bareAnswer(400), checksum };
  }
  const sentType = request.headers['content-type']?.split(';')[0]?.trim();
  const sentLength = Number(request.headers['content-length'] ?? NaN);
  if (sentType !== contentType || sentLength !== byteSize) return { answer: bareAnswer(422), checksum };
  if (body.checksum !== checksum) {
    store.store(key, undefined);
    return { answer: bareAnswer(422), checksum };
  }
  store.store(key, body);
  return { answer: bareAnswer(204), checksum };
};

/** Not idempotent, and it does not look whether the bytes ever came. */
const createFromBlob = (
  { settings, store, signer }: RailsContext,
  request: IncomingMessage,
  body: ReadBody,
): Handled => {
  const fields = jsonFields(request, body);
  const signedId = textOf(fields?.['blob_signed_id']);
  if (fields === undefined || signedId === null) return { answer: railsAnswer(400, request) };
  const blob = store.blob(signer.open<string>('blob_id', signedId)?.value ?? '');
  if (blob === undefined) return { answer: railsAnswer(404, request) };
  const metadata = fieldsOf(fields['metadata']);
  const originalFilename = tamedFilename(textOf(fields['filename']) ?? blob.filename);
  const song = store.addSong({
    blob,
    originalFilename,
    title: textOf(metadata?.['title']) ?? originalFilename.replace(/\.[^.]*$/, ''),
    artist: textOf(metadata?.['artist']),
    album: textOf(metadata?.['album']),
  });
  return { answer: jsonAnswer(201, { song: songJson(settings, song) }), checksum: blob.checksum };
};

const songJson = ({ songsTellContent }: RailsSettings, song: RailsSong): unknown => ({
  id: song.id,
  title: song.title,
  artist: song.artist,
  album: song.album,
  original_filename: song.originalFilename,
  processing_status: song.processingStatus,
  created_at: song.createdAt,
  ...(songsTellContent ? contentJson(song.blob) : {}),
});

const contentJson = ({ byteSize, checksum }: RailsBlob): Fields => ({ byte_size: byteSize, checksum });

const listSongs = ({ settings, store }: RailsContext, url: URL): Answer => {
  const status = url.searchParams.get('processing_status');
  const page = wholeNumber(url.searchParams.get('page')) ?? 1;
  const perPage = Math.min(wholeNumber(url.searchParams.get('per_page')) ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const matching = store.songs.filter((song) => status === null || song.processingStatus === status);
  const newestFirst = matching.toReversed();
  return jsonAnswer(200, {
    count: matching.length,
    page,
    per_page: perPage,
    songs: newestFirst.slice((page - 1) * perPage, page * perPage).map((song) => songJson(settings, song)),
  });
};

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined;
