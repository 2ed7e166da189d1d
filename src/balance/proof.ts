import { type Doer, system } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { clock, type Db, type Trx } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { listAdministrators } from '../users/administrators.ts';
import { figure } from '../web/figures.ts';
import { type Proof, verifyLedger, type WrongBalance } from './verify.ts';

/** A proof of the books as it is kept. */
export type KeptProof = Omit<Proof, 'wrong'> & {
  startedAt: Date;
  endedAt: Date;
  /** Whether it is so long ago that a night has been left out. */
  isOld: boolean;
  /** The first of the wrong ones; `username` is null for the purged. */
  wrong: (WrongBalance & { username: string | null })[];
};

/** More than a year of nights. */
const keptProofs = 400;
/** So many of the wrong ones stand in the letter. */
const mostLines = 10;

/**
 * Proves the books and keeps what it came to. When an account is wrong, that is recorded and written to the administrators, each
 * time until it is put right. Takes a database without limits of time: with ten million rows it reads for a minute.
 */
export async function proveLedger(db: Db, by: Doer = system('clock')): Promise<Proof> {
  const startedAt = await clock(db);
  const proof = await verifyLedger(db);
  await db.transaction(async (trx) => {
    const { wrong, ...counts } = proof;
    await trx('ledgerProofs').insert({ startedAt, ...counts, wrong: JSON.stringify(wrong) });
    await trx.raw('delete from ledger_proofs where id <= (select max(id) from ledger_proofs) - ?', [keptProofs]);
    if (proof.wrongUsers > 0) await shout(trx, by, proof);
  });
  return proof;
}

async function shout(trx: Trx, by: Doer, { wrongUsers, wrong }: Proof): Promise<void> {
  await record(trx, by, 'ledger.found-wrong', null, { facts: { accounts: wrongUsers, first: wrong.slice(0, mostLines) } });
  const count = `${figure(wrongUsers)} ${wrongUsers === 1 ? 'account' : 'accounts'}`;
  const named = await withNames(trx, wrong.slice(0, mostLines));
  const first = named.map(({ userId, username, why }) => `– ${username ?? `account ${userId}`}: ${why} (in minor units)`);
  const administrators = await listAdministrators(trx);
  const data = { count, first: first.join('\n') };
  await enqueueLetters(
    trx,
    administrators.map((user) => ({ kind: 'ledger-wrong', user, data })),
  );
}

/** Has the worker prove the books now, whenever they were proved last; while it is at it, or is about to be, nothing more happens. */
export async function askForProof(db: Db, by: Doer): Promise<void> {
  assertCan(by, 'change settings');
  await db.transaction(async (trx) => {
    const asked = await trx('settings')
      .whereRaw(`not coalesce(${isUnderWay}, false)`)
      .update({ proofAskedAt: trx.raw('clock_timestamp()') });
    if (asked === 0) return;
    await record(trx, by, 'ledger.proof-asked', null);
    await trx.raw(`select wake('prove_ledger')`);
  });
}

/** A proof is kept when it ends: one that was asked for since the last began is not done, unless a worker was killed over it. */
const isUnderWay = `proof_asked_at > greatest(now() - interval '10 minutes', (select max(started_at) from ledger_proofs))`;

/** Proves the books once a night, from two o'clock (UTC) on, and when somebody has asked since; call it as often as you like. */
export async function proveLedgerNightly(db: Db): Promise<void> {
  const { rows } = await db.raw(`select not exists (
    select from ledger_proofs where started_at >= greatest(${lastNight}, (select proof_asked_at from settings))) as is_due`);
  if (rows[0].isDue) await proveLedger(db);
}

const lastNight = `(date_trunc('day', (now() at time zone 'UTC') - interval '2 hours') + interval '2 hours') at time zone 'UTC'`;

/** What the last proof came to; null when there was none yet. */
export async function readLastProof(db: Db): Promise<KeptProof | null> {
  const last = await db('ledgerProofs')
    .orderBy('id', 'desc')
    .first('*', db.raw(`started_at < now() - interval '26 hours' as is_old`));
  return last ? { ...last, wrong: await withNames(db, last.wrong) } : null;
}

async function withNames(db: Db, wrong: WrongBalance[]): Promise<KeptProof['wrong']> {
  if (wrong.length === 0) return [];
  const users: { id: number; username: string }[] = await db('users')
    .whereRaw('id = any(?)', [wrong.map(({ userId }) => userId)])
    .select('id', 'username');
  const names = new Map(users.map(({ id, username }) => [id, username]));
  return wrong.map((one) => ({ ...one, username: names.get(one.userId) ?? null }));
}
