/** How a connection can end. */
export type Ending = 'disconnected' | 'expired' | 'replaced' | 'signed-out' | 'standing';

/** How each end is told. */
export const endingWords: Record<Ending, string> = {
  disconnected: 'disconnected',
  expired: 'its time was over',
  replaced: 'connected to somebody else',
  'signed-out': 'signed out',
  standing: 'one of both accounts was not able any more',
};
