/**
 * Random numbers that Python draws too: the very doubles of NumPy's
 * `Generator(Philox(key=seed)).random()`, and standard normal ones made of them by the method of
 * Box and Muller. `_random.py` draws the same.
 *
 * Philox4x64-10 turns each of the numbers 1, 2, 3, … (the counter) into four words of 64 bits, in
 * ten rounds of multiplications. Words are kept as two halves of 32 bits, the upper one first:
 * several times faster than BigInt.
 */

const TWO_32 = 2 ** 32;
const WORDS = 4;
const ROUNDS = 10;

/**
 * The upper half of the product of two halves. The lower half is taken off first; rounding moves
 * the quotient, a whole number, by less than 1e-6.
 *
 * @param {number} a
 * @param {number} b
 */
function upperHalf(a, b) {
  return Math.round((a * b - lowerHalf(a, b)) / TWO_32);
}

/**
 * The lower half of the product of two halves.
 *
 * @param {number} a
 * @param {number} b
 */
function lowerHalf(a, b) {
  return Math.imul(a, b) >>> 0;
}

/**
 * The product of the words [ah, al] and [bh, bl], in four halves. The array takes the last 32 bits
 * of each number.
 *
 * @param {Uint32Array} out
 * @param {number} ah
 * @param {number} al
 * @param {number} bh
 * @param {number} bl
 */
function multiply(out, ah, al, bh, bl) {
  const second = upperHalf(al, bl) + lowerHalf(al, bh) + lowerHalf(ah, bl);
  const third =
    upperHalf(al, bh) + upperHalf(ah, bl) + lowerHalf(ah, bh) + Math.floor(second / TWO_32);
  out[0] = upperHalf(ah, bh) + Math.floor(third / TWO_32);
  out[1] = third;
  out[2] = second;
  out[3] = Math.imul(al, bl);
}

/**
 * Adds the word [high, low] to the one at `at`.
 *
 * @param {Uint32Array} words
 * @param {number} at
 * @param {number} high
 * @param {number} low
 */
function increase(words, at, high, low) {
  const sum = words[at + 1] + low;
  words[at] += high + Math.floor(sum / TWO_32);
  words[at + 1] = sum;
}

/** The two products of a round, kept so that no round makes arrays. */
const firstProduct = new Uint32Array(4);
const secondProduct = new Uint32Array(4);

/**
 * The four words for a key and a counter, both below 2³².
 *
 * @param {number} key
 * @param {number} counter
 */
function philox(key, counter) {
  const words = new Uint32Array(2 * WORDS);
  const keys = new Uint32Array(4);
  words[1] = counter;
  keys[1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    multiply(firstProduct, 0xd2e7470e, 0xe14c6c93, words[0], words[1]);
    multiply(secondProduct, 0xca5a8263, 0x95121157, words[4], words[5]);
    for (let half = 0; half < 2; half++) {
      words[half] = secondProduct[half] ^ words[half + 2] ^ keys[half];
      words[half + 2] = secondProduct[half + 2];
      words[half + 4] = firstProduct[half] ^ words[half + 6] ^ keys[half + 2];
      words[half + 6] = firstProduct[half + 2];
    }
    increase(keys, 0, 0x9e3779b9, 0x7f4a7c15);
    increase(keys, 2, 0xbb67ae85, 0x84caa73b);
  }
  return words;
}

/**
 * The first numbers of a seed, a whole number from 0 to 2³² − 1, uniform on [0, 1): the upper 53
 * bits of each word.
 *
 * @param {number} seed
 * @param {number} count
 */
export function uniformNumbers(seed, count) {
  const numbers = new Float64Array(count);
  for (let start = 0; start < count; start += WORDS) {
    const words = philox(seed, start / WORDS + 1);
    const end = Math.min(start + WORDS, count);
    for (let index = start; index < end; index++) {
      const at = 2 * (index - start);
      numbers[index] = (words[at] * 2 ** 21 + (words[at + 1] >>> 11)) / 2 ** 53;
    }
  }
  return numbers;
}

/**
 * The first standard normal numbers of a seed. The radius comes from log(1 − u), which is finite
 * for every u.
 *
 * @param {number} seed
 * @param {number} count
 */
export function standardNormals(seed, count) {
  const numbers = uniformNumbers(seed, count + (count % 2));
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log1p(-numbers[i]));
    const angle = 2 * Math.PI * numbers[i + 1];
    numbers[i] = radius * Math.cos(angle);
    numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers.subarray(0, count);
}
