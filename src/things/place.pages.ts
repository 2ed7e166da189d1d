import type { Request } from 'express';
import { type Subject, subjectOf } from '../access/actor.ts';
import type { Viewer } from '../access/things.ts';
import { viewerOf } from '../groups/viewer.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { type Section, sectionWords } from './kinds.ts';

/** Where a list of things stands: for all that the actor sees, or among the subject's own sections under /my. */
export type Place = { section: Section; isOwn: boolean };

export const pathOf = ({ section, isOwn }: Place) => `${isOwn ? '/my' : ''}${sectionWords[section].path}`;

/** The key under which the sidebar knows a place. */
export const keyOf = ({ section, isOwn }: Place) => `${isOwn ? 'my-' : ''}${section}`;

/** Whose eyes these pages look through: the actor's, or under /my the subject's. */
export const subjectAt = (req: Request, { isOwn }: Place): Subject => (isOwn ? subjectOf(actorOf(req)) : actorOf(req));

/** The same with its groups and, while connected, with the administrator's verbs over what the subject sees. */
export async function viewerAt(req: Request, place: Place): Promise<Viewer> {
  const viewer = await viewerOf(dbOf(req), subjectAt(req, place));
  const { connection } = actorOf(req);
  if (!connection) return viewer;
  if (!place.isOwn) return connection.mode === 'read' ? { ...viewer, looksAt: connection.user.id } : viewer;
  return { ...viewer, actsFully: connection.mode === 'full', onlyLooks: connection.mode === 'read' };
}
