/**
 * A number in at most nine characters, for which the readout reserves room: five digits, or an
 * exponent where they would say little; infinity by its sign, a dash for what is no number.
 * @param {number} value
 */
export function formatted(value) {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (Number.isNaN(size)) return "–";
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  const needsExponent = size !== 0 && (size < 1e-3 || size >= 9999.5);
  if (needsExponent) return sign + size.toExponential(2).replace("e+", "e").replace("-", "−");
  return sign + size.toFixed(decimals(size));
}

/**
 * How many decimals are seen of a number that has four or five digits.
 * @param {number} size
 */
function decimals(size) {
  if (size < 9.99995) return 4;
  if (size < 99.9995) return 3;
  return size < 999.995 ? 2 : 1;
}
