import { parseArgs } from 'node:util';
import type { Trx } from '../src/ground/database.ts';
import { openGround } from '../src/start.ts';
import { hashPassword } from '../src/users/password.ts';
import { booksWorld } from './books.ts';
import { contactWorld } from './contact.ts';
import { addCrowd } from './crowd.ts';
import { feedbackWorld } from './feedback.ts';
import { inviteSome } from './invitations.ts';
import { payAsCrowd, tariffsWorld } from './tariffs.ts';
import { addCrowdThings, thingsWorld } from './things.ts';
import { peopleWorld, worldPassword } from './world.ts';

const usualCrowd = 1200;

/** Fills a demonstration instance; `--users N` sets how many accounts. Run twice it adds nothing. */
async function seed(): Promise<void> {
  const { values } = parseArgs({ options: { users: { type: 'string', default: String(usualCrowd) } } });
  const count = Number(values.users);
  if (!Number.isSafeInteger(count) || count < 0 || count > 20_000_000)
    throw new Error('--users takes a whole number up to 20,000,000.');
  const { context, close } = await openGround();
  try {
    const isSeeded = await context.owner('users').where({ username: 'olga' }).first('id');
    if (!isSeeded) await context.owner.transaction(demonstrationWorld);
    await addCrowd(context.owner, count, await hashPassword(worldPassword), report);
    await addCrowdThings(context.owner);
    await payAsCrowd(context.owner);
    await context.owner('moneyDays').delete(); // What was seeded lies in days that may have been summed up.
    process.stdout.write(`\nSeeded. Sign in as olga with the password ${worldPassword}.\n`);
  } finally {
    await close();
  }
}

/** The people and what they own. */
async function demonstrationWorld(trx: Trx): Promise<void> {
  await peopleWorld(trx);
  await booksWorld(trx);
  await thingsWorld(trx);
  await tariffsWorld(trx);
  await inviteSome(trx);
  await feedbackWorld(trx);
  await contactWorld(trx);
}

const report = (done: number) => process.stdout.write(`\r${done.toLocaleString('en')} accounts`);

seed().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
