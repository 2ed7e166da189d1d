/** The first `most` characters of a text; one that would be halved goes whole: Postgres keeps no half one in JSON. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/\p{Cs}$/u, '');

/** A text of at most `most` characters: what is longer ends with … */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${cut(text, most - 1).trimEnd()}…` : text;
