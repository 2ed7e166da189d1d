import type { ManyAct } from './act.ts';
import { type Move, moveAct, moves } from './states.ts';
import { unlockAct } from './unlock.ts';

/** Every act that can be done to many users at once. Adding one is adding its line here. */
export const manyActs = (): readonly ManyAct[] => [...(Object.keys(moves) as Move[]).map(moveAct), unlockAct];
