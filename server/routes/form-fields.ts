import type { MultipartValue } from '@fastify/multipart';
import { z } from 'zod';
import { md5Base64Schema, sha256HexSchema } from '../../shared/api/fields.ts';
import { type SongMetadata, songMetadataSchema } from '../../shared/api/songs.ts';
import { Refusal } from '../problems.ts';
import type { Digests } from '../storage/contract.ts';

const fieldsSchema = z.strictObject({
  metadata: z
    .union([z.string().transform(parseJson).pipe(songMetadataSchema), songMetadataSchema])
    .optional(),
  sha256: sha256HexSchema.optional(),
  checksum: md5Base64Schema.optional(),
});
type Fields = z.output<typeof fieldsSchema>;

/** The fields beside a file, each checked as it comes in. */
export class FormFields {
  #fields: Fields = {};

  add({ fieldname, value, valueTruncated, fieldnameTruncated }: MultipartValue): void {
    if (valueTruncated || fieldnameTruncated)
      throw new Refusal('too_large', 'A field of the form is too long.');
    if (Object.hasOwn(this.#fields, fieldname)) {
      throw new Refusal('invalid_request', `The field ${fieldname} stands there twice.`);
    }
    const parsed = fieldsSchema.safeParse({ [fieldname]: value });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Refusal('invalid_request', `${fieldname.slice(0, 50)}: ${issue?.message ?? 'is not right'}`);
    }
    this.#fields = { ...this.#fields, ...parsed.data };
  }

  metadata(): SongMetadata | undefined {
    return this.#fields.metadata;
  }

  /** What is known of the file before it has come. */
  expected(): { readonly md5: string | undefined; readonly sha256: string | undefined } {
    return { md5: this.#fields.checksum, sha256: this.#fields.sha256 };
  }

  /** For checksums that came behind the file. Throws a {@link Refusal}. */
  demandMatch({ md5, sha256 }: Digests): void {
    const expected = this.expected();
    if ((expected.md5 ?? md5) !== md5 || (expected.sha256 ?? sha256) !== sha256) {
      throw new Refusal('checksum_mismatch', 'The bytes differ from the checksums that came with them.');
    }
  }
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
}
