import { postProof } from './balance/proof.pages.ts';
import { sendStatement, showStatement } from './balance/statement.pages.ts';
import type { Route } from './web/route.ts';

/** Statements: an administrator's of any user, and one's own; and the proof of the books. */
export const statementRoutes: readonly Route[] = [
  ['get', '/users/:username/balance/statement', 'see balance', showStatement('user')],
  ['get', '/users/:username/balance/statement.csv', 'see balance', sendStatement('user')],
  ['get', '/my/balance/statement', 'see own balance', showStatement('my')],
  ['get', '/my/balance/statement.csv', 'see own balance', sendStatement('my')],
  ['post', '/settings/proof', 'change settings', postProof],
];
