import type { Profile } from './profiles.ts';
import type { Account } from './standing.ts';

/** Who is signed in, and through which session and request: what every act and every history row starts from. */
export type Actor = Account & {
  name: string;
  email: string;
  sessionId: number | null;
  requestId: string | null;
  address: string;
  /** True while a single-use password waits to be replaced: nothing else is reachable until then. */
  mustChangePassword: boolean;
  /** True while a second factor, which this console asks of administrators, is missing: nothing else is reachable until then. */
  needsSecondFactor: boolean;
  /** True when this session proved who it is within the last ten minutes. */
  isConfirmed: boolean;
  /** While an administrator acts on a user's behalf. */
  connection?: Connection | null;
};

/** A user on whose behalf an administrator acts: the subject. */
export type Subject = { id: number; username: string; name: string; email: string; profile: Profile };

/** How far and until when an administrator acts on a user's behalf; `read` is looking only. */
export type Connection = { id: number; mode: 'full' | 'read'; endsAt: Date; user: Subject };

/** On whose behalf the actor works in the sections under /my: its own, or the connected user's. */
export const subjectOf = (actor: Actor): Subject => actor.connection?.user ?? actor;

/** What the history keeps of whoever did it. */
export type Author = {
  id: number | null;
  username: string;
  sessionId: number | null;
  requestId: string | null;
  address: string;
  connection?: { id: number; user: { id: number } } | null;
};

/** What the system does by itself (start, clock, command line) has no actor but is recorded like any other act. */
export type System = Author & { id: null };

export const system = (name: string): System => ({ id: null, username: name, sessionId: null, requestId: null, address: '' });

export type Doer = Actor | System;
