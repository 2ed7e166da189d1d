import { expect } from 'chai';
import type { Db } from '../src/ground/database.ts';
import { openStory } from './kit/database.ts';

/** As many as people write by hand: to read all of them takes no time. */
const few = ['announcements'];

describe('What refers to a user or a thing', () => {
  let db: Db;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const story = await openStory();
    [db, close] = [story.trx, story.close];
  });
  afterEach(() => close());

  it('is found by an index: else each purge, and each restore, would read all that everybody has', async () => {
    const { rows } = await db.raw(
      `
      select conrelid::regclass || '.' || attname as reference
      from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confdeltype in ('c', 'n') and not conrelid::regclass::text = any(?)
        and not exists (
          select from pg_index i
          where i.indrelid = c.conrelid and i.indkey[0] = a.attnum
            and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', format('(%I IS NOT NULL)', a.attname)))
      order by 1`,
      [few],
    );
    expect(rows.map(({ reference }: { reference: string }) => reference)).to.deep.equal([]);
  });
});
