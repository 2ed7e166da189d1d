import type { ManyAct } from './act.ts';
import type { Belonging } from './belongings.ts';
import { expiryAct } from './expiry.ts';
import { profileAct } from './profile.ts';
import { deleteAct, purgeAct } from './remove.ts';
import { restoreAct } from './restore.ts';
import { type Move, moveAct, moves } from './states.ts';
import { unlockAct } from './unlock.ts';

/** Every act that can be done to many users at once, with what belongs to them. Adding one is adding its line here. */
export const manyActs = (belongings: readonly Belonging[]): readonly ManyAct[] => [
  ...(Object.keys(moves) as Move[]).map(moveAct),
  unlockAct,
  profileAct,
  expiryAct,
  deleteAct(belongings),
  restoreAct,
  purgeAct(belongings),
];
