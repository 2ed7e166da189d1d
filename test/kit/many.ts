import type { Name } from '../../seeds/world.ts';
import type { Doer } from '../../src/access/actor.ts';
import type { Act } from '../../src/access/acts.ts';
import { importBelonging } from '../../src/imports/belonging.ts';
import { actUponMany, type ManyAct, type Outcome } from '../../src/users/act.ts';
import { activationAct } from '../../src/users/activation.ts';
import { ownBelongings } from '../../src/users/belongings.ts';
import { expiryAct } from '../../src/users/expiry.ts';
import { profileAct } from '../../src/users/profile.ts';
import { deleteAct, purgeAct } from '../../src/users/remove.ts';
import { restoreAct } from '../../src/users/restore.ts';
import { type Move, moveAct, moves } from '../../src/users/states.ts';
import { unlockAct } from '../../src/users/unlock.ts';
import type { Race } from './race.ts';

export const belongings = [...ownBelongings, importBelonging];
/** Every act that can be done to many, those that bulk does not offer too. */
export const acts: readonly ManyAct[] = [
  ...(Object.keys(moves) as Move[]).map(moveAct),
  activationAct,
  unlockAct,
  profileAct,
  expiryAct,
  deleteAct(belongings),
  restoreAct(belongings),
  purgeAct(belongings),
];
export const findAct = (name: Act) => acts.find(({ act }) => act === name) as ManyAct;

/** Does an act to some people at once; what came of it for each. */
export function actUponAll(
  site: Pick<Race, 'ids'>,
  db: Race['one'],
  by: Doer,
  names: Name[],
  name: Act,
  input: unknown,
): Promise<Outcome[]> {
  const ids = names.map((one) => site.ids[one]);
  return db.transaction((trx) => actUponMany(trx, by, findAct(name), ids, input));
}

/** 'done', or the sentence why not. */
export const saidOf = (outcome: Outcome) => ('refusal' in outcome ? outcome.refusal : 'done');
