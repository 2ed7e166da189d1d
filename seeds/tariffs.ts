import { randomUUID } from 'node:crypto';
import type { Db } from '../src/ground/database.ts';
import { endOf, type Period } from '../src/tariffs/period.ts';
import { putRenewal } from '../src/tariffs/renewals.ts';
import type { Trx } from '../src/ground/database.ts';
import type { Name } from './world.ts';
