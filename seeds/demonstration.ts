import type { Db, Trx } from '../src/ground/database.ts';
import { hashPassword } from '../src/users/password.ts';
import { booksWorld } from './books.ts';
import { contactWorld } from './contact.ts';
import { addCrowd } from './crowd.ts';
import { addCrowdMoney } from './crowdmoney.ts';
import { feedbackWorld } from './feedback.ts';
import { inviteSome } from './invitations.ts';
import { tariffsWorld } from './tariffs.ts';
import { addCrowdThings, thingsWorld } from './things.ts';
import { peopleWorld, worldPassword } from './world.ts';

/** How many accounts a demonstration has when nobody says. */
export const usualCrowd = 1200;

/** The small world with all that its people own, and a crowd of `count` accounts around it; `report` hears how many there are. Run twice it adds nothing. */
export async function fillDemonstration(owner: Db, count: number, report?: (done: number) => void): Promise<void> {
  const isSeeded = await owner('users').where({ username: 'olga' }).first('id');
  if (!isSeeded) await owner.transaction(demonstrationWorld);
  await addCrowd(owner, count, await hashPassword(worldPassword), report);
  await addCrowdThings(owner);
  await addCrowdMoney(owner);
  await owner('moneyDays').delete(); // What was seeded lies in days that may have been summed up.
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
