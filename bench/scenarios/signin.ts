import { formOrNull, post, readPage, type Target } from '../http.ts';
import type { AccountsOf } from './acts.ts';
import { rotation, type Scenario } from './scenario.ts';

/** What anybody needs to sign in: a cookie, and the token that belongs to it. */
export async function doorOf(visitor: Target): Promise<{ headers: Record<string, string>; _csrf: string }> {
  const page = await readPage(visitor, '/sign-in');
  const { _csrf = '' } = formOrNull(page, '/sign-in') ?? {};
  return { headers: { cookie: page.cookies, 'user-agent': 'bench' }, _csrf };
}

/** Everybody of the seeded crowd has the same password. */
export const password = 'kettle-orbit-velvet';

/** Signs in, from a browser that nobody has signed in from before. */
export function signIn(accountsOf: AccountsOf, visitor: Target): Scenario {
  const statements = [
    'select password_hash from users where username = $1',
    `insert into sessions (sid_hash, user_id, expires_at, agent)
     select sha256(gen_random_uuid()::text::bytea), id, now() + interval '7 days', 'bench' from users where username = $1`,
    'update users set last_sign_in_at = now() where username = $1',
  ];
  return {
    name: 'sign-in',
    statements,
    view: null,
    turns: [],
    isSignIn: true,
    async requests(worker) {
      const { headers, _csrf } = await doorOf(visitor);
      const next = rotation(accountsOf(worker, 'roster'));
      return () => post('/sign-in', { _csrf, identifier: next(), password }, headers);
    },
    values(worker, side) {
      const next = rotation(accountsOf(worker, side));
      return () => {
        const username = next();
        return statements.map(() => [username]);
      };
    },
  };
}
