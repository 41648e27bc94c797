/** Numbers of very different size, such as losses and learning rates. */

import { formatNumber, locale } from "../lib/format";

/** Returns a number with three significant digits: 1.23, 0.412, 0.0000871. */
export function formatSignificant(n: number, digits = 3): string {
  if (!Number.isFinite(n) || Math.abs(n) >= 0.1 || n === 0) {
    return formatNumber(Number(n.toPrecision(digits)), Math.max(0, digits));
  }
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: digits }).format(n);
}
