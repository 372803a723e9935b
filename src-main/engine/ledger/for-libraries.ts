/**
 * A statement for certain libraries, prepared once for each set of them: a list of numbers in the text is many times
 * faster to run than a list that SQLite has to unpack each time, and a run asks for the same libraries throughout.
 */
export const forLibraries = <S>(prepare: (list: string) => S): ((libraryIds: readonly number[]) => S) => {
  const prepared = new Map<string, S>();
  return (libraryIds) => {
    const list = libraryIds.join(',');
    const known = prepared.get(list);
    if (known !== undefined) return known;
    if (!libraryIds.every(Number.isSafeInteger)) throw new TypeError('library ids are whole numbers');
    const statement = prepare(`(${list})`);
    prepared.set(list, statement);
    return statement;
  };
};
