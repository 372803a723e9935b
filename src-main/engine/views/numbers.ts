const COMMA = 0x2c;
const ZERO = 0x30;

/**
 * Many whole numbers that SQLite has put into one text, `1,20,300`: a row for each of a million tracks would cost
 * several times as much.
 */
export const numbersIn = (text: string | null): Float64Array => {
  if (text === null) return new Float64Array(0);
  let count = 1;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) === COMMA) count += 1;
  const numbers = new Float64Array(count);
  let at = 0;
  let value = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === COMMA) {
      numbers[at] = value;
      at += 1;
      value = 0;
    } else value = value * 10 + code - ZERO;
  }
  numbers[at] = value;
  return numbers;
};
