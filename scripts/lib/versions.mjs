/**
 * @typedef {readonly [number, number, number]} Version
 * @typedef {{ readonly path: string, readonly version: string }} NodeProgram
 */

/**
 * @param {string} text such as `v24.21.0`; a pre-release tag counts as its release
 * @returns {Version}
 */
export const parseVersion = (text) => {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  if (!match) throw new Error(`"${text}" is not a version.`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
};

/**
 * @param {Version} a
 * @param {Version} b
 */
export const compareVersions = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/**
 * Reads the part of npm's range syntax that package.json's `engines` uses: `^a.b.c`, `>=a.b.c` and `||`.
 * The semver package cannot be asked: this runs before anything is installed.
 * @param {string} version
 * @param {string} range
 * @returns {boolean}
 */
export const satisfies = (version, range) => {
  const found = parseVersion(version);
  return range.split('||').some((part) => {
    const match = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(part.trim());
    if (!match || !match[2]) throw new Error(`The range "${part.trim()}" is not of a form known here.`);
    const least = parseVersion(match[2]);
    return compareVersions(found, least) >= 0 && (match[1] === '>=' || found[0] === least[0]);
  });
};
