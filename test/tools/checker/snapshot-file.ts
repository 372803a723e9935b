import { readFileSync, writeFileSync } from 'node:fs';
import type { EntrySnapshot, LibrarySnapshot } from '../../kit/library-snapshot.ts';

const BIG = ['size', 'mode', 'mtimeNs', 'ctimeNs', 'ino'] as const;
type Written = Omit<EntrySnapshot, 'path' | (typeof BIG)[number]> &
  Readonly<Record<(typeof BIG)[number] | 'path', string>>;

/** One entry a line, so that a large library is no one large text. */
export const saveSnapshot = (file: string, snapshot: LibrarySnapshot): void => {
  const lines = [...snapshot.values()].map((entry) =>
    JSON.stringify(entry, (key, value: unknown) =>
      key === 'path' ? entry.path.toString('hex') : typeof value === 'bigint' ? String(value) : value,
    ),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
};

export const loadSnapshot = (file: string): LibrarySnapshot =>
  new Map(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const written = JSON.parse(line) as Written;
        const { path, kind, content, size, mode, mtimeNs, ctimeNs, ino } = written;
        return [
          path,
          {
            path: Buffer.from(path, 'hex'),
            kind,
            content,
            size: BigInt(size),
            mode: BigInt(mode),
            mtimeNs: BigInt(mtimeNs),
            ctimeNs: BigInt(ctimeNs),
            ino: BigInt(ino),
          },
        ];
      }),
  );
