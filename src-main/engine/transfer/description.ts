import type { SongMetadata } from '../../../shared/api/songs.ts';
import { extensionOf, mimeTypeOfExtension } from '../../../shared/audio-types.ts';
import type { Holding } from '../ledger/holdings.ts';

/** What tells a content from others, whatever its file is called. */
export interface Likeness {
  readonly byteSize: number;
  /** Base64 MD5. */
  readonly checksum: string;
  /** Hex. */
  readonly sha256: string;
  readonly metadata: SongMetadata;
}

/** A content as the archive is told of it. */
export interface Description extends Likeness {
  readonly filename: string;
  readonly contentType: string;
}

export const likenessOf = (content: Pick<Holding, 'sha256' | 'md5' | 'byteSize' | 'tags'>): Likeness => ({
  byteSize: content.byteSize,
  checksum: Buffer.from(content.md5).toString('base64'),
  sha256: Buffer.from(content.sha256).toString('hex'),
  metadata: JSON.parse(content.tags) as SongMetadata,
});

export const describe = (holding: Holding, filename: string): Description => ({
  ...likenessOf(holding),
  filename,
  contentType: mimeTypeOfExtension(extensionOf(filename)) ?? 'application/octet-stream',
});
