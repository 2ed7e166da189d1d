import { writeCursor } from '../../src/ground/keyset.ts';
import type { Crowd, Place } from '../crowd.ts';
import { page, type Scenario } from './scenario.ts';

/** The columns of the list of objects. */
const columns = `things.id, things.name, things.asset_kind, things.plate, things.created_at, users.name as owner, users.username,
  (select t.name from things t where t.id = things.tracker_id) as tracker`;

const byName = 'fold(things.name), things.id';

/** The objects that match, in an order. */
const rows = (where = '', order = byName) =>
  `select ${columns} from things join users on users.id = things.owner_id
   where things.section = 'object' and things.hidden_at is null${where && ` and ${where}`} order by ${order} limit 25`;

const list = (name: string, path: string, sql: string) => page(`objects: ${name}`, 'things', [sql], [{ path }]);

const matching = (word: string) => `things.search like '%' || fold('${word}') || '%'`;
const inGroup = `exists (select from group_things g where g.thing_id = things.id
  and g.group_id = (select id from groups where name = 'Depot 7'))`;

/** The list of all objects, looked at, sorted, searched and narrowed to a group. */
export const things = ({ thingPlaces, depotId }: Crowd): Scenario[] => [
  list('first page', '/objects', rows()),
  list('sort: -created', '/objects?sort=-created', rows('', 'things.created_at desc, things.id desc')),
  page(
    'objects: next, in the middle',
    'things',
    [rows('(fold(things.name), things.id) > (fold($1), $2)')],
    thingPlaces.map((place: Place) => ({ path: `/objects?after=${writeCursor(place)}`, values: [[place.key, place.id]] })),
  ),
  list('search: name “vehicle 1234”', '/objects?q=vehicle+1234', rows(`${matching('vehicle')} and ${matching('1234')}`)),
  list('search: plate “wu 01”', '/objects?q=wu+012', rows(`things.search like E'%\\nwu%' and ${matching('012')}`)),
  list('search: nothing “zzqqzz”', '/objects?q=zzqqzz', rows(matching('zzqqzz'))),
  list('one group of forty', `/objects?group=${depotId}`, rows(inGroup)),
];
