const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** “31 May 2027”: the day of a moment, UTC, as letters name it. */
export const dayWords = (at: Date): string => day.format(at);
