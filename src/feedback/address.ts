import { lineIn } from '../ground/fields.ts';
import { usernameIn } from '../users/named.ts';
import { addressWith, readSpan } from '../web/pager.ts';
import { readSortBy, sortText } from '../web/sorting.ts';
import { kinds, states } from './feedback.ts';
import { type FeedbackRequest, feedbackOrders } from './list.ts';

/** The order in which a list stands unless its address says otherwise. */
export type UsualSort = FeedbackRequest['sort'];

/** Reads the query of an address; what in it cannot be understood is as usual. */
export function readRequest(query: Record<string, unknown>, usual: UsualSort): FeedbackRequest {
  const { q, state, kind, user, sort } = query;
  const order = readSortBy(feedbackOrders, sort, usual);
  return {
    filter: {
      q: lineIn(q, 100),
      state: states.find((one) => one === state) ?? null,
      kind: kinds.find((one) => one === kind) ?? null,
      user: usernameIn(user),
    },
    sort: order,
    ...readSpan(query, feedbackOrders[order.by]),
  };
}

type Changes = Partial<Omit<FeedbackRequest, 'filter'>> & { filter?: Partial<FeedbackRequest['filter']> };

/** The address of a list from its beginning, with parts of it replaced; what is usual is left out. */
export function feedbackAddress(
  path: string,
  request: FeedbackRequest,
  { usual, ...changes }: Changes & { usual: UsualSort },
): string {
  const { sort, ...span } = { ...request, after: null, before: null, ...changes };
  const { q, state, kind, user } = { ...request.filter, ...changes.filter };
  const order = sortText(sort);
  return addressWith(path, { q, state, kind, user, sort: order === sortText(usual) ? null : order }, span);
}
