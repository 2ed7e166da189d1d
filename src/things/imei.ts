/**
 * Whether 15 digits are an IMEI: the last one is a check digit by Luhn's formula over the others (3GPP TS 23.003, annex B).
 */
export function isImei(digits: string): boolean {
  if (!/^\d{15}$/.test(digits)) return false;
  const sum = [...digits].map(Number).reduce((total, digit, index) => total + (index % 2 === 1 ? doubled(digit) : digit), 0);
  return sum % 10 === 0;
}

const doubled = (digit: number) => (digit > 4 ? 2 * digit - 9 : 2 * digit);
