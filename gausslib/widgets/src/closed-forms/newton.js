/**
 * Newton's method for a local minimum of a smooth function of places, which need not be numbers.
 *
 * @template Place
 * @typedef {object} Valley
 * @property {(place: Place) => Measured} measure
 * @property {(place: Place, step: number[]) => Place} move
 */

/**
 * @typedef {object} Measured  a function at a place
 * @property {number} value
 * @property {number[]} gradient  its first derivatives by the step
 * @property {number[][]} bend  its second derivatives
 */

/** No step is longer: what lies beyond belongs to another valley. */
const LONGEST = 0.7;
/** A step that is shorter need not lead down: the values may differ by rounding alone. */
const SHORT = 0.01;
const MOST_STEPS = 60;
/** How much a valley without a bottom is bent up at first. */
const DAMPING = 0.01;
/** A bend that is smaller is none. */
const FLAT = 1e-9;

/**
 * The solution of Ax = b by Cholesky's method, or null if A is not positive definite.
 *
 * @param {number[][]} matrix
 * @param {number[]} right
 */
function solved(matrix, right) {
  /** @type {number[][]} */
  const root = [];
  for (const [i, row] of matrix.entries()) {
    root.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= root[i][k] * root[j][k];
      if (i === j && !(rest > FLAT)) return null;
      root[i].push(i === j ? Math.sqrt(rest) : rest / root[j][j]);
    }
  }
  const x = [...right];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= root[i][k] * x[k];
    x[i] /= root[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= root[k][i] * x[k];
    x[i] /= root[i][i];
  }
  return x;
}

/**
 * The step to the bottom of the valley, as gradient and bend have it. Where the function bends down
 * it is bent up, and the step leads down, but not to a bottom.
 *
 * @param {Measured} measured
 */
function stepOf({ gradient, bend }) {
  const down = gradient.map((entry) => -entry);
  const straight = solved(bend, down);
  if (straight) return { step: straight, hasBottom: true };
  for (let damping = DAMPING; ; damping *= 4) {
    const bentUp = bend.map((row, i) => row.map((entry, j) => entry + (i === j ? damping : 0)));
    const step = solved(bentUp, down);
    if (step) return { step, hasBottom: false };
  }
}

/**
 * The local minimum to which the way down leads from a start, or null if it leads to none: a step
 * from it to the bottom would be shorter than `close`, squared.
 *
 * @template Place
 * @param {Valley<Place>} valley
 * @param {Place} start
 * @param {number} close
 */
export function minimum({ measure, move }, start, close) {
  let place = start;
  let now = measure(place);
  for (let count = 0; count < MOST_STEPS; count++) {
    const { step, hasBottom } = stepOf(now);
    const length = Math.max(...step.map(Math.abs));
    const isShort = hasBottom && length < SHORT;
    let part = Math.min(1, LONGEST / length);
    let [next, there] = [place, now];
    do {
      next = move(
        place,
        step.map((coordinate) => part * coordinate),
      );
      there = measure(next);
      part /= 4;
    } while (!(isShort || there.value < now.value || part < 1e-9));
    [place, now] = [next, there];
    if (hasBottom && length < close) return { place, value: now.value };
  }
  return null;
}
