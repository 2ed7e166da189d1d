import type { RequestHandler } from 'express';
import type { Act } from '../access/acts.ts';

/** Where a page is, which act it needs, and who answers; what stands before the last one reads the body for it. */
export type Route = readonly ['get' | 'post', string, Act, ...RequestHandler[]];
