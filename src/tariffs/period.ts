/** For how long a tariff is paid at a time. */
export const periods = ['day', 'week', 'month', 'year'] as const;
export type Period = (typeof periods)[number];

/** “€12.00 a month”. */
export const periodNames: Record<Period, string> = { day: 'a day', week: 'a week', month: 'a month', year: 'a year' };

/** Where a row of periods began, and the how manieth of them one is: its end is reckoned from there. */
export type Placed = { anchorAt: Date; nth: number; period: Period };

/**
 * The moment at which the nth period ends, in UTC: on the same day of the month as the first began, or on the month's last, so that
 * what began on a 31st ends on the 28th of February and then on the 31st of March.
 */
export function endOf({ anchorAt, nth, period }: Placed): Date {
  if (period === 'day' || period === 'week') return new Date(anchorAt.getTime() + nth * (period === 'day' ? 1 : 7) * dayMs);
  const end = new Date(anchorAt);
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + nth * (period === 'month' ? 1 : 12));
  end.setUTCDate(Math.min(anchorAt.getUTCDate(), lastDayOf(end)));
  return end;
}

const dayMs = 86_400_000;

const lastDayOf = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
