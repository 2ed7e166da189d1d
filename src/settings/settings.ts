import type { Db, Trx } from '../ground/database.ts';

/** What administrators change at run time; each has its entry in table.ts. */
export type Settings = {
  /** Most accounts that may live; 0 is no limit. */
  accountLimit: number;
  /** Where the limit is raised; '' when there is no such place but the Settings page. */
  accountLimitUrl: string;
  /** What Add User says beside the number of accounts; '' says nothing. */
  accountNote: string;
  lockFailures: number;
  lockMinutes: number;
  idleMinutesAdministrators: number;
  idleMinutes: number;
  sessionDays: number;
  restoreDays: number;
  /** Whether there is a mail server (SMTP_URL): else passwords are single-use ones and links are copied. */
  outgoingMail: boolean;
  /** Who may register: nobody, who is invited, whose address an administrator has entered, or everybody. */
  registration: 'closed' | 'invitation' | 'listed' | 'open';
  /** Whether an administrator approves who has registered. */
  approval: boolean;
  /**
   * Whether administrators must have a second factor: who has none is led to set one up and reaches nothing else until then,
   * whoever has just required it too.
   */
  twoFactorForAdministrators: 'optional' | 'required';
  /** Minutes after which a connection to a user ends by itself. */
  connectionMinutes: number;
  /** Whether a connection asks for a reason, which the user is shown. */
  connectionReason: boolean;
  /** Whether the user is told by mail what was done in a connection. */
  connectionTold: boolean;
  /** Whether connecting takes a fresh proof of identity. */
  connectionProof: boolean;
  /** Above this amount, in whole units of the currency, a refill takes a fresh proof of identity. */
  refillConfirmAbove: number;
  /** Below this balance, in whole units of the currency, its user is told once. */
  lowBalance: number;
  /** ISO 4217, as CURRENCY has it: for what is written without a page. */
  currency: string;
  /** Whether cancelling a refill whose money is spent may leave a balance below zero. */
  debt: boolean;
  /** Whether groups restrict what standard, group and monitor users see. */
  restrictions: boolean;
  /** Days for which notifications are kept. */
  notificationDays: number;
  /** Days without a sign-in after which a user is warned; 0 is never. */
  dormantWarnDays: number;
  /** Days without a sign-in after which an account is deactivated; 0 is never. */
  dormantDeactivateDays: number;
  /** Days without a sign-in after which an account that was so deactivated is deleted; 0 is never. */
  dormantDeleteDays: number;
  /** Counts the saves of the Settings page, so that a form that was opened before can tell. */
  version: number;
};

export async function readSettings(db: Db): Promise<Settings> {
  return db('settings').first();
}

/** The same, locked until the transaction ends: what is written from them is what was read. */
export async function holdSettings(trx: Trx): Promise<Settings> {
  return trx('settings').forUpdate().first();
}

/** Takes over what the environment says; of the account limit, what it does not say stays as it is. */
export async function takeSettings(
  db: Db,
  given: { accountLimit?: number; accountLimitUrl?: string; outgoingMail: boolean; currency: string },
): Promise<void> {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(known).length > 0) await db('settings').update(known);
}
