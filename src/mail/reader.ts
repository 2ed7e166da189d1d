import type { Trx } from '../ground/database.ts';
import type { Reader } from './words/template.ts';

/** Whose letter it is, as the account is now. */
export type Addressee = Reader & { id: number; username: string; name: string; email: string };

/** The account of a letter, locked until the transaction ends. */
export async function holdAddressee(trx: Trx, id: number): Promise<Addressee> {
  const columns = ['id', 'username', 'name', 'email', 'state', 'profile', 'identitySource', 'expiresAt'];
  return trx('users')
    .where({ id })
    .forUpdate()
    .first([
      ...columns,
      trx.raw('email_verified_at is not null as is_verified'),
      trx.raw('locked_at is not null as is_locked'),
      trx.raw('deleted_at is not null as is_deleted'),
    ]);
}
