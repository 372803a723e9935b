import type { CreateTableBuilder, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Schema } from './schema.ts';

/**
 * Every step from an empty database to today's, in order. A step that was released is never edited. The statements
 * come from Kysely's builder only, so that they fit PostgreSQL as well; `sql`-text would not.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '001_first': {
    async up(db: Kysely<Schema>) {
      await db.schema
        .createTable('archive')
        .addColumn('archive_id', 'text', (c) => c.primaryKey())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();

      await withId(db.schema.createTable('user'))
        .addColumn('email', 'text', (c) => c.notNull().unique())
        .addColumn('password_hash', 'text')
        .addColumn('role', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();

      await withId(db.schema.createTable('session'))
        .addColumn('user_id', 'integer', (c) => c.notNull().references('user.id').onDelete('cascade'))
        .addColumn('family', 'text', (c) => c.notNull())
        .addColumn('access_hash', 'text', (c) => c.notNull().unique())
        .addColumn('access_expires_at', 'bigint', (c) => c.notNull())
        .addColumn('refresh_hash', 'text', (c) => c.notNull().unique())
        .addColumn('refresh_expires_at', 'bigint', (c) => c.notNull())
        .addColumn('rotated_at', 'bigint')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('session_family').on('session').column('family').execute();
      await db.schema.createIndex('session_user').on('session').column('user_id').execute();

      await db.schema
        .createTable('login_throttle')
        .addColumn('subject', 'text', (c) => c.primaryKey())
        .addColumn('failures', 'integer', (c) => c.notNull())
        .addColumn('blocked_until', 'bigint', (c) => c.notNull())
        .addColumn('last_failure_at', 'bigint', (c) => c.notNull())
        .execute();

      await withId(db.schema.createTable('blob'))
        .addColumn('owner_id', 'integer', (c) => c.notNull().references('user.id'))
        .addColumn('key', 'text', (c) => c.notNull().unique())
        .addColumn('filename', 'text', (c) => c.notNull())
        .addColumn('content_type', 'text', (c) => c.notNull())
        .addColumn('byte_size', 'bigint', (c) => c.notNull())
        .addColumn('declared_md5', 'text')
        .addColumn('declared_sha256', 'text')
        .addColumn('md5', 'text')
        .addColumn('sha256', 'text')
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      // Serves both the count of a user's unused tickets and the clean-up's search for old ones.
      await db.schema
        .createIndex('blob_state')
        .on('blob')
        .columns(['state', 'owner_id', 'created_at'])
        .execute();

      await withId(db.schema.createTable('song'))
        .addColumn('owner_id', 'integer', (c) => c.notNull().references('user.id'))
        .addColumn('blob_id', 'integer', (c) => c.notNull().unique().references('blob.id'))
        .addColumn('sha256', 'text', (c) => c.notNull())
        .addColumn('original_filename', 'text', (c) => c.notNull())
        .addColumn('title', 'text')
        .addColumn('artist', 'text')
        .addColumn('album', 'text')
        .addColumn('album_artist', 'text')
        .addColumn('composer', 'text')
        .addColumn('genre', 'text')
        .addColumn('year', 'integer')
        .addColumn('track_number', 'integer')
        .addColumn('disc_number', 'integer')
        .addColumn('duration', 'double precision')
        .addColumn('codec', 'text')
        .addColumn('bit_rate', 'double precision')
        .addColumn('has_artwork', 'integer')
        .addColumn('processing_status', 'text', (c) => c.notNull())
        .addColumn('processing_error', 'text')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addUniqueConstraint('song_owner_sha256', ['owner_id', 'sha256'])
        .execute();
      await db.schema
        .createIndex('song_processing')
        .on('song')
        .columns(['processing_status', 'id'])
        .execute();
    },
  },
};

/** Ids only ever grow and are never given twice: signed ids and clients' bookkeeping rely on it. */
const withId = <T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T, 'id'> =>
  table.addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement());
