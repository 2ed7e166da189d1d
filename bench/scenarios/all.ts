import type { Crowd } from '../crowd.ts';
import type { Target } from '../http.ts';
import { accounts, history } from './accounts.ts';
import { acts } from './acts.ts';
import { lists } from './lists.ts';
import { payments } from './money.ts';
import { overview } from './overview.ts';
import type { Scenario, Seats } from './scenario.ts';
import { searches } from './searches.ts';
import { things } from './things.ts';

/** Everything that is measured beside its floors, in this order. */
export const scenarios = (crowd: Crowd, seats: Seats, visitor: Target): Scenario[] => [
  ...lists(crowd),
  ...searches(crowd),
  ...things(crowd),
  ...payments,
  overview,
  ...accounts(crowd),
  ...acts(crowd, seats, visitor),
  history,
];
