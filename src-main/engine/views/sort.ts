/**
 * Sorts a million keys without a comparison in JavaScript: pairs of a key and its position are the halves of 64-bit
 * integers, which a typed array sorts by itself. Keys that are equal keep their order.
 */

const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;
const WORD = 2 ** 32;

/** The positions of the keys in their order. @param keys whole numbers from 0 to 2^53 */
export const sortedBy = (keys: Float64Array): Uint32Array => {
  const order = Uint32Array.from({ length: keys.length }, (_, i) => i);
  const pairs = new BigUint64Array(keys.length);
  // The lower halves first: the second pass keeps their order where the upper ones are equal.
  sortRun(order, pairs, (at) => (keys[at] ?? 0) % WORD);
  sortRun(order, pairs, (at) => Math.floor((keys[at] ?? 0) / WORD));
  return order;
};

/**
 * The positions of texts in the order of their bytes.
 * @param texts one after the other, each ended by a zero
 */
export const sortedByBytes = (texts: Uint8Array, count: number): Uint32Array => {
  const starts = new Uint32Array(count + 1);
  let end = -1;
  for (let i = 1; i <= count; i += 1) {
    end = texts.indexOf(0, end + 1);
    starts[i] = end + 1;
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const pairs = new BigUint64Array(count);
  const open: (readonly [from: number, to: number, depth: number])[] = [[0, count, 0]];
  for (let run = open.pop(); run !== undefined; run = open.pop()) {
    const [from, to, depth] = run;
    // Nothing follows the zero of a text that has ended, and it sorts before all others.
    const keyOf = (text: number): number => {
      const start = (starts[text] ?? 0) + depth;
      const left = Math.min(4, Math.max(0, (starts[text + 1] ?? 0) - start));
      let key = 0;
      for (let i = 0; i < 4; i += 1) key = key * 256 + (i < left ? (texts[start + i] ?? 0) : 0);
      return key;
    };
    const part = order.subarray(from, to);
    const words = sortRun(part, pairs.subarray(0, to - from), keyOf);
    for (let i = 0; i < part.length;) {
      const key = words[2 * i + HIGH] ?? 0;
      let next = i + 1;
      while (next < part.length && words[2 * next + HIGH] === key) next += 1;
      if (next - i > 1 && key % 256 !== 0) open.push([from + i, from + next, depth + 4]);
      i = next;
    }
  }
  return order;
};

/** Sorts what stands in `order` by 32-bit keys; what is equal keeps its order. Returns the pairs, key and position. */
const sortRun = (order: Uint32Array, pairs: BigUint64Array, keyOf: (at: number) => number): Uint32Array => {
  const words = new Uint32Array(pairs.buffer, pairs.byteOffset, pairs.length * 2);
  for (let i = 0; i < order.length; i += 1) {
    words[2 * i + HIGH] = keyOf(order[i] ?? 0);
    words[2 * i + LOW] = i;
  }
  pairs.sort();
  const before = order.slice();
  for (let i = 0; i < order.length; i += 1) order[i] = before[words[2 * i + LOW] ?? 0] ?? 0;
  return words;
};
