/** How many decimals amounts of a currency (ISO 4217) have: 2 for EUR, 0 for JPY, 3 for KWD. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount in plain digits with all its decimals, for files and for formatting: `-120.50`. */
export function plainMoney(minor: number, decimals: number): string {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const units = digits.slice(0, digits.length - decimals);
  return `${minor < 0 ? '-' : ''}${units}${decimals ? `.${digits.slice(-decimals)}` : ''}`;
}

/** Nine digits before the decimal sign: far more than anybody pays, far less than numbers hold exactly. */
const mostDigits = 9;

/**
 * Reads an amount as people type it: digits, and one `.` or `,` before at most as many decimals as the currency has; nothing else, no
 * sign, no blanks. In minor units (cents), or null for anything else.
 */
export function readMoney(text: string, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const [, units, , cents = ''] = /^([0-9]+)([.,]([0-9]+))?$/.exec(text) ?? [];
  if (!units || units.length > mostDigits || cents.length > decimals) return null;
  return Number(units + cents.padEnd(decimals, '0'));
}
