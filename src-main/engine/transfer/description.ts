import type { SongMetadata } from '../../../shared/api/songs.ts';
import { extensionOf, mimeTypeOfExtension } from '../../../shared/audio-types.ts';
import type { Holding } from '../ledger/holdings.ts';

/** A content as the archive is told of it. */
export interface Description {
  readonly filename: string;
  readonly contentType: string;
  readonly byteSize: number;
  /** Base64 MD5. */
  readonly checksum: string;
  /** Hex. */
  readonly sha256: string;
  readonly metadata: SongMetadata;
}

export const describe = (holding: Holding, filename: string): Description => ({
  filename,
  contentType: mimeTypeOfExtension(extensionOf(filename)) ?? 'application/octet-stream',
  byteSize: holding.byteSize,
  checksum: Buffer.from(holding.md5).toString('base64'),
  sha256: Buffer.from(holding.sha256).toString('hex'),
  metadata: JSON.parse(holding.tags) as SongMetadata,
});
