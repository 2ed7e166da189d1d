import type { Knex } from 'knex';
import type { Viewer } from '../access/things.ts';
import { countRows, type Db } from '../ground/database.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { countedAtOnce, countUpTo, findsWord, patternOf, wordsOf } from '../ground/search.ts';
import type { Kind, Section } from './kinds.ts';
import { type ThingOrder, thingOrders } from './order.ts';
import { sharedWith, within } from './scope.ts';
import { type Thing, thingColumns } from './thing.ts';

export type ThingFilter = {
  /** Any part of a name, plate, model, IMEI, phone or reference; one or two letters match beginnings of words. */
  q: string;
  kind?: Kind | null;
  groupId?: number | null;
  /** Only what is in this group not yet. */
  outsideGroupId?: number | null;
  /** A username. */
  owner?: string | null;
};

export type ThingRequest = {
  section: Section;
  /** Those that the viewer sees by profile and groups, or those that are shared with it. */
  of: 'reach' | 'shares';
  filter: ThingFilter;
  sort: { by: ThingOrder; isDescending: boolean };
  limit: number;
  after?: Cursor | null;
  before?: Cursor | null;
};

export type ThingLine = Thing & { sortKey: string };

/** One page of the things of a section that the viewer sees. */
export async function listThings(db: Db, viewer: Viewer, { sort, ...request }: ThingRequest): Promise<Page<ThingLine>> {
  const query = matching(db, viewer, request).join('users', 'users.id', 'things.ownerId');
  const span = { ...request, order: thingOrders[sort.by], isDescending: sort.isDescending, id: 'things.id' };
  return readPage(db, query, span, thingColumns(db, viewer));
}

/** How many match: exact up to 1,000, else null for “more than 1,000”. */
export const countThings = (db: Db, viewer: Viewer, request: Pick<ThingRequest, 'section' | 'of' | 'filter'>) =>
  countUpTo(db, matching(db, viewer, request), countedAtOnce);

/** The exact total, however long it takes within the limits of a request. */
export const countExactly = (db: Db, viewer: Viewer, request: Pick<ThingRequest, 'section' | 'of' | 'filter'>) =>
  countRows(matching(db, viewer, request));

function matching(db: Db, viewer: Viewer, { section, of, filter }: Pick<ThingRequest, 'section' | 'of' | 'filter'>) {
  const query = db('things').where('things.section', section).whereNull('things.hiddenAt');
  if (of === 'shares') sharedWith(query, viewer.id);
  else within(query, viewer);
  narrow(db, query, filter);
  return query;
}

function narrow(db: Db, query: Knex.QueryBuilder, { q, kind, groupId, outsideGroupId, owner }: ThingFilter): void {
  if (kind) query.where('things.kind', kind);
  if (owner) query.where('things.ownerId', db('users').where({ username: owner }).select('id'));
  if (groupId) query.whereRaw('exists (select from group_things g where g.thing_id = things.id and g.group_id = ?)', [groupId]);
  if (outsideGroupId)
    query.whereRaw('not exists (select from group_things g where g.thing_id = things.id and g.group_id = ?)', [outsideGroupId]);
  for (const word of wordsOf(q)) query.whereRaw(findsWord('things.search', word, wordBreaks), { pattern: patternOf(word) });
}

/** What stands before a word within the searched text, such as the 12 of “Lorry 12”. */
const wordBreaks = ['\\n', ' ', '-'];
