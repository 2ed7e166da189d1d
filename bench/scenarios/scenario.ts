import type { Shot, Target } from '../http.ts';

/** The templates of the minimal pages, in bench/views. */
export type View = 'list' | 'things' | 'details' | 'user' | 'form' | 'count' | 'history' | 'rows';

/** What is measured: a page or an act of Roster, beside the least that the same takes. */
export type Scenario = {
  name: string;
  /** Of a page: the statements whose rows it shows. Of an act: what it writes, in one transaction. */
  statements: string[];
  /** How the minimal page shows those rows; null for an act, which redirects. */
  view: View | null;
  /** The ways in which a page is asked for; an act has none. */
  turns: Turn[];
  /** What one of the workers asks of Roster, one request after the other. */
  requests(worker: number): Promise<() => Shot>;
  /** The values of the statements, turn by turn. An act of the minimal page is upon other accounts than that of bare SQL. */
  values(worker: number, side: 'floor' | 'sql'): () => unknown[][];
  /** Every request comes over a connection of its own. */
  isFresh?: true;
  /** The minimal page compares the password before it writes. */
  isSignIn?: true;
};

/** One way to ask for a page: where it is, and the values of each of its statements. */
export type Turn = { path: string; values?: unknown[][] };

/** A page that is asked for in turns: the same for Roster, the minimal page and bare SQL. */
export function page(name: string, view: View, statements: string[], turns: Turn[], more: Partial<Scenario> = {}): Scenario {
  const next = rotation(turns);
  const values = () => next().values ?? statements.map(() => []);
  return { name, view, statements, turns, requests: async () => () => ({ path: next().path }), values: () => values, ...more };
}

/** Gives one after the other, over and over. */
export function rotation<T>(all: readonly T[]): () => T {
  let turn = 0;
  return () => all[turn++ % all.length] as T;
}

/** Administrators before browsers of their own, one for each worker: a session is a row, too, and takes one writer at a time. */
export type Seats = Target[];

export function seatOf(seats: Seats, worker: number): Target {
  const seat = seats[worker];
  if (!seat) throw new Error(`There is no seat for worker ${worker}`);
  return seat;
}
