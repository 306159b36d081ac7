/**
 * The W₂ barycentre of Gaussians in the plane, and the fixed point that leads to it.
 *
 * A covariance is given by a root: S = RRᵀ, Σᵢ = LᵢLᵢᵀ. With Mᵢ = LᵢᵀR and the rotation Qᵢ that
 * makes Kᵢ = QᵢᵀMᵢ symmetric and positive, the optimal map Tᵢ from S to Σᵢ has TᵢR = LᵢQᵢ and
 * RᵀTᵢR = Kᵢ. In the plane both have a closed form, with t = Tr Kᵢ and D = det Mᵢ:
 *
 *     tQᵢ = [[m₁₁ + m₂₂, m₁₂ − m₂₁], [m₂₁ − m₁₂, m₁₁ + m₂₂]],   tKᵢ = MᵢᵀMᵢ + D I
 *
 * S is the barycentre where the mean of the maps is the identity. A step of the fixed point
 * (Álvarez-Esteban and others, 2016) replaces R by the mean of the LᵢQᵢ. It always comes nearer,
 * but slowly where thin ellipses cross. So the barycentre is found by Newton's method: for S
 * changed to R(I + Y)Rᵀ it is, but for terms of the second order,
 *
 *     Σ wᵢ (KᵢYKᵢ + Dᵢ Y)/(2tᵢ)  =  Σ wᵢ Kᵢ − RᵀR
 *
 * @typedef {import("./gauss2d.js").Axes} Axes
 * @typedef {import("./gauss2d.js").Gaussian2} Gaussian2
 *
 * @typedef {[number, number, number, number]} Root  its entries, row by row
 *
 * @typedef {object} Part  a root with its weight
 * @property {number} weight
 * @property {Root} root
 */
import { toAxes } from "./gauss2d.js";

/** A step is small where it changes no semi-axis by more than this share. */
const TOLERANCE = 1e-12;
/** Newton's method may change no semi-axis by more than this share in one step. */
const LONGEST = 0.5;
/** So many steps of Newton's method are never needed. */
const MOST_STEPS = 60;

/**
 * The root of a covariance whose columns are the semi-axes, the longer one first.
 *
 * @param {Gaussian2} law
 * @returns {Root}
 */
function rootOf(law) {
  const [, , s1, s2, angle] = toAxes(law);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [s1 * c, -s2 * s, s1 * s, s2 * c];
}

/**
 * The weighted mean of covariances.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights
 * @returns {[number, number, number]}
 */
export function meanCovariance(laws, weights) {
  const [a, b, d] = [0, 1, 2].map((k) =>
    laws.reduce((sum, { cov }, i) => sum + weights[i] * cov[k], 0),
  );
  return [a, b, d];
}

/**
 * The mean of the means.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights
 * @returns {[number, number]}
 */
export function meanOfMeans(laws, weights) {
  const [x, y] = [0, 1].map((k) =>
    laws.reduce((sum, { mean }, i) => sum + weights[i] * mean[k], 0),
  );
  return [x, y];
}

/**
 * The Gaussian with the moments of the mixture.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights
 * @returns {Gaussian2}
 */
export function mixtureMoments(laws, weights) {
  const mean = meanOfMeans(laws, weights);
  let [a, b, d] = meanCovariance(laws, weights);
  laws.forEach((law, i) => {
    const [x, y] = [law.mean[0] - mean[0], law.mean[1] - mean[1]];
    a += weights[i] * x * x;
    b += weights[i] * x * y;
    d += weights[i] * y * y;
  });
  return { mean, cov: [a, b, d] };
}

/**
 * The roots that count, with their weights.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights
 * @returns {Part[]}
 */
function partsOf(laws, weights) {
  return laws
    .map((law, i) => ({ weight: weights[i], root: rootOf(law) }))
    .filter(({ weight }) => weight > 0);
}

/**
 * M = LᵀR and Tr K.
 *
 * @param {Root} l
 * @param {Root} r
 */
function matched([l11, l12, l21, l22], [r11, r12, r21, r22]) {
  const m11 = l11 * r11 + l21 * r21;
  const m12 = l11 * r12 + l21 * r22;
  const m21 = l12 * r11 + l22 * r21;
  const m22 = l12 * r12 + l22 * r22;
  return { m11, m12, m21, m22, trace: lengthOf([m11 + m22, m21 - m12]) };
}

/**
 * The root after one step of the fixed point.
 *
 * @param {Part[]} parts
 * @param {Root} r
 * @returns {Root}
 */
function stepped(parts, r) {
  /** @type {Root} */
  const next = [0, 0, 0, 0];
  for (const { weight, root } of parts) {
    const { m11, m12, m21, m22, trace } = matched(root, r);
    const c = (weight * (m11 + m22)) / trace;
    const s = (weight * (m21 - m12)) / trace;
    next[0] += root[0] * c + root[1] * s;
    next[1] += root[1] * c - root[0] * s;
    next[2] += root[2] * c + root[3] * s;
    next[3] += root[3] * c - root[2] * s;
  }
  return next;
}

/**
 * The length of a vector, or of the entries of a root.
 *
 * @param {number[]} entries
 */
function lengthOf(entries) {
  let sum = 0;
  for (const entry of entries) sum += entry * entry;
  return Math.sqrt(sum); // several times as quick as `hypot`
}

/**
 * How far each step of the fixed point moves the Gaussian, in W₂, as a share of the root of its
 * total variance. The first step is from the mean of the covariances.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights
 * @param {(lengths: number[]) => boolean} isEnough  whether there are as many as are needed
 */
export function stepLengths(laws, weights, isEnough) {
  const parts = partsOf(laws, weights);
  let root = rootOf({ mean: [0, 0], cov: meanCovariance(laws, weights) });
  /** @type {number[]} */
  const lengths = [];
  while (!isEnough(lengths)) {
    const before = root;
    root = stepped(parts, before);
    lengths.push(lengthOf(root.map((entry, k) => entry - before[k])) / lengthOf(before));
  }
  return lengths;
}

/**
 * The root turned so that its columns are the semi-axes, the longer one first (one rotation of
 * Jacobi's method, which keeps the digits of the shorter one).
 *
 * @param {Root} root
 * @returns {Root}
 */
function alongAxes([r11, r12, r21, r22]) {
  const difference = (r11 - r12) * (r11 + r12) + (r21 - r22) * (r21 + r22);
  const angle = Math.atan2(2 * (r11 * r12 + r21 * r22), difference) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [r11 * c + r12 * s, r12 * c - r11 * s, r21 * c + r22 * s, r22 * c - r21 * s];
}

/**
 * Both sides of the equation of Newton's method: the symmetric matrix of its left side for the
 * unknowns y₁₁, y₁₂, y₂₂, by its entries 11, 12, 13, 22, 23, 33; and its right side. The row of y₁₂
 * is there twice.
 *
 * @param {Part[]} parts
 * @param {Root} root
 */
function newtonEquation(parts, root) {
  const [r11, r12, r21, r22] = root;
  const detR = r11 * r22 - r12 * r21;
  const left = [0, 0, 0, 0, 0, 0];
  const right = [-(r11 * r11 + r21 * r21), -2 * (r11 * r12 + r21 * r22), -(r12 * r12 + r22 * r22)];
  for (const { weight, root: l } of parts) {
    const { m11, m12, m21, m22, trace } = matched(l, root);
    const det = (l[0] * l[3] - l[1] * l[2]) * detR;
    const k11 = (m11 * m11 + m21 * m21 + det) / trace;
    const k12 = (m11 * m12 + m21 * m22) / trace;
    const k22 = (m12 * m12 + m22 * m22 + det) / trace;
    const share = weight / (2 * trace);
    left[0] += share * (k11 * k11 + det);
    left[1] += share * 2 * k11 * k12;
    left[2] += share * k12 * k12;
    left[3] += share * 2 * (k11 * k22 + k12 * k12 + det);
    left[4] += share * 2 * k12 * k22;
    left[5] += share * (k22 * k22 + det);
    right[0] += weight * k11;
    right[1] += weight * 2 * k12;
    right[2] += weight * k22;
  }
  return { left, right };
}

/**
 * The change Y of Newton's method, as [y₁₁, y₁₂, y₂₂]. The matrix is positive, so that elimination
 * needs no pivots, and keeps the digits of small entries.
 *
 * @param {Part[]} parts
 * @param {Root} root
 */
function newtonChange(parts, root) {
  const { left, right } = newtonEquation(parts, root);
  const [n11, n12, n13, n22, n23, n33] = left;
  const [e1, e2, e3] = right;
  const p22 = n22 - (n12 / n11) * n12;
  const p23 = n23 - (n12 / n11) * n13;
  const f2 = e2 - (n12 / n11) * e1;
  const f3 = e3 - (n13 / n11) * e1 - (p23 / p22) * f2;
  const y22 = f3 / (n33 - (n13 / n11) * n13 - (p23 / p22) * p23);
  const y12 = (f2 - p23 * y22) / p22;
  return [(e1 - n12 * y12 - n13 * y22) / n11, y12, y22];
}

/**
 * The root of the barycentre, its columns the semi-axes. The lower half of Y turns a needle without
 * making it longer, which the symmetric half of it would.
 *
 * @param {Part[]} parts
 * @param {Root} start
 */
function solved(parts, start) {
  let root = alongAxes(start);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [y11, y12, y22] = newtonChange(parts, root);
    const [r11, r12, r21, r22] = root;
    const slimness = lengthOf([r12, r22]) / lengthOf([r11, r21]);
    const change = Math.max(Math.abs(y11) / 2, Math.abs(y12) * slimness, Math.abs(y22) / 2);
    const part = Math.min(1, LONGEST / change);
    const [a, b, d] = [1 + (part * y11) / 2, part * y12, 1 + (part * y22) / 2];
    root = alongAxes([r11 * a + r12 * b, r12 * d, r21 * a + r22 * b, r22 * d]);
    if (change < TOLERANCE) break;
  }
  return root;
}

/**
 * The barycentre, as the five numbers of its ellipse.
 *
 * @param {Gaussian2[]} laws
 * @param {number[]} weights  not negative, with sum 1
 * @returns {Axes}
 */
export function barycenter(laws, weights) {
  const start = rootOf({ mean: [0, 0], cov: meanCovariance(laws, weights) });
  const [r11, r12, r21, r22] = solved(partsOf(laws, weights), start);
  const [x, y] = meanOfMeans(laws, weights);
  return [x, y, lengthOf([r11, r21]), lengthOf([r12, r22]), Math.atan2(r21, r11)];
}
