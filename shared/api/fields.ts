import { z } from 'zod';

/** Base64 of the 16 bytes of an MD5, as Rails' Active Storage sends and wants it. */
export const md5Base64Schema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/, 'must be the base64 of an MD5');

/** 64 hex digits in lower case. */
export const sha256HexSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');

/** The name of a file without its folders. File systems know names of 255 characters at most. */
export const filenameSchema = z.string().min(1, 'is empty').max(1024, 'has more than 1024 characters');

/** A file's size in bytes; an empty file is no track. */
export const byteSizeSchema = z.int().positive();

export const timestampSchema = z.iso.datetime();
