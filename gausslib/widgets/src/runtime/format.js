/**
 * A number in at most nine characters (the readout reserves that width): five digits, or an exponent where they would
 * say little; a dash for what is no number. `gauss_pair.py` writes the same.
 */
export function formatted(/** @type {number} */ value) {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (Number.isNaN(size)) return "–";
  if (size === Infinity) return `${sign}∞`;
  if (size !== 0 && (size < 1e-3 || size >= 9999.5))
    return sign + size.toExponential(2).replace("e+", "e").replace("-", "−");
  return sign + size.toFixed(size < 9.99995 ? 4 : size < 99.9995 ? 3 : size < 999.995 ? 2 : 1);
}
