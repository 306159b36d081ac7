/**
 * Random numbers that Python draws too: the very doubles of NumPy's `Generator(Philox(key=seed)).random()`, and
 * standard normal ones made of them by the method of Box and Muller. `_random.py` draws the same.
 *
 * Philox4x64-10 turns each of the numbers 1, 2, 3, … (the counter) into four words of 64 bits, in ten rounds of
 * multiplications. Words are kept as two halves of 32 bits, the upper one first: several times faster than BigInt.
 */

const TWO_32 = 2 ** 32;
const WORDS = 4;

/** The upper half of the product of two halves. Rounding moves the quotient, a whole number, by less than 1e-6. */
function upper(/** @type {number} */ a, /** @type {number} */ b) {
  return Math.round((a * b - (Math.imul(a, b) >>> 0)) / TWO_32);
}

/** The product of the words [ah, al] and [bh, bl], in four halves. The array takes of each number its last 32 bits. */
function multiply(
  /** @type {Uint32Array} */ out,
  /** @type {number} */ ah,
  /** @type {number} */ al,
  /** @type {number} */ bh,
  /** @type {number} */ bl,
) {
  const second = upper(al, bl) + (Math.imul(al, bh) >>> 0) + (Math.imul(ah, bl) >>> 0);
  const third =
    upper(al, bh) + upper(ah, bl) + (Math.imul(ah, bh) >>> 0) + Math.floor(second / TWO_32);
  out[0] = upper(ah, bh) + Math.floor(third / TWO_32);
  out[1] = third;
  out[2] = second;
  out[3] = Math.imul(al, bl);
}

/** Adds the word [high, low] to that at `at`. */
function increase(
  /** @type {Uint32Array} */ words,
  /** @type {number} */ at,
  /** @type {number} */ high,
  /** @type {number} */ low,
) {
  const sum = words[at + 1] + low;
  words[at] += high + Math.floor(sum / TWO_32);
  words[at + 1] = sum;
}

const m = new Uint32Array(4);
const n = new Uint32Array(4);

/** The four words for a key and a counter, both below 2³². */
function philox(/** @type {number} */ key, /** @type {number} */ counter) {
  const c = new Uint32Array(2 * WORDS);
  const k = new Uint32Array(4);
  c[1] = counter;
  k[1] = key;
  for (let round = 0; round < 10; round++) {
    multiply(m, 0xd2e7470e, 0xe14c6c93, c[0], c[1]);
    multiply(n, 0xca5a8263, 0x95121157, c[4], c[5]);
    for (let half = 0; half < 2; half++) {
      c[half] = n[half] ^ c[half + 2] ^ k[half];
      c[half + 2] = n[half + 2];
      c[half + 4] = m[half] ^ c[half + 6] ^ k[half + 2];
      c[half + 6] = m[half + 2];
    }
    increase(k, 0, 0x9e3779b9, 0x7f4a7c15);
    increase(k, 2, 0xbb67ae85, 0x84caa73b);
  }
  return c;
}

/** The first numbers of a seed, a whole number from 0 to 2³² − 1, uniform on [0, 1). */
export function uniformNumbers(/** @type {number} */ seed, /** @type {number} */ count) {
  let words = m;
  return new Float64Array(count).map((_, index) => {
    const i = index % WORDS;
    if (i === 0) words = philox(seed, index / WORDS + 1);
    return (words[2 * i] * 2 ** 21 + (words[2 * i + 1] >>> 11)) / 2 ** 53;
  });
}

/** The first standard normal numbers of a seed. */
export function standardNormals(/** @type {number} */ seed, /** @type {number} */ count) {
  const numbers = uniformNumbers(seed, count + (count % 2));
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log1p(-numbers[i]));
    const angle = 2 * Math.PI * numbers[i + 1];
    numbers[i] = radius * Math.cos(angle);
    numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers.subarray(0, count);
}
