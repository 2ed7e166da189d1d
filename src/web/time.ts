import type { Request } from 'express';

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Map<string, Intl.DateTimeFormat>();

/** “3 days ago”, gone by in full; “in 2 hours”, the nearest, so that seven days do not begin as six; “just now”. */
export function ago(at: Date): string {
  const seconds = (at.getTime() - Date.now()) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 0];
  const whole = seconds < 0 ? Math.ceil : Math.round;
  return size ? relative.format(whole(seconds / size), unit) : 'just now';
}

/** “23 Nov 2026, 07:54 UTC”, in the zone of whoever reads this request's page. */
export const momentOf = (req: Request) => momentIn(zoneOf(req));

/** The zone in which whoever reads this request's page counts its days. */
export const zoneOf = (req: Request): string => req.session?.signedIn?.timeZone ?? 'UTC';

/** The same in a zone, for what is read elsewhere: in a letter to somebody to whom no page is shown. */
export const momentIn = (timeZone: string) => (at: Date) => moment(at, timeZone);

function moment(at: Date, timeZone: string): string {
  if (!absolute.has(timeZone)) absolute.set(timeZone, new Intl.DateTimeFormat('en-GB', formOf(timeZone)));
  return `${absolute.get(timeZone)?.format(at)}${timeZone === 'UTC' ? ' UTC' : ''}`;
}

/** “2026-11-23 07:54:00” in a zone, for files. */
export function plainMomentIn(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(at);
}

/** With the name of the zone, as whoever travels reads it too; the style that is quickest to write has no place for it. */
const formOf = (timeZone: string): Intl.DateTimeFormatOptions => ({
  timeZone,
  ...(timeZone === 'UTC'
    ? { dateStyle: 'medium', timeStyle: 'short' }
    : { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
});
