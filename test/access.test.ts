import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { type Act, acts } from '../src/access/acts.ts';
import { assertCan, can, whyNot } from '../src/access/can.ts';
import { type Profile, profiles } from '../src/access/profiles.ts';
import { type Account, type Standing, type State, standingOf, states } from '../src/access/standing.ts';
import { Forbidden, Refused } from '../src/ground/errors.ts';

const account: Account = {
  id: 7,
  username: 'somebody',
  profile: 'customer',
  state: 'STATE_APPROVED',
  isVerified: true,
  isExpired: false,
  isDeleted: false,
};

const actor = (changes: Partial<Actor> = {}): Actor => ({
  ...account,
  name: 'Somebody',
  email: 'somebody@world.example',
  sessionId: 1,
  requestId: null,
  address: '',
  mustChangePassword: false,
  needsSecondFactor: false,
  isConfirmed: true,
  ...changes,
});

const everyAct = Object.keys(acts) as Act[];
const allowed = (who: Actor | null) => everyAct.filter((act) => can(who, act));

const open: Act[] = ['come in', 'register', 'verify address', 'sign out', 'recover account', 'choose password', 'choose theme'];
const own: Act[] = [
  'see own start page',
  'see own account',
  'change own profile',
  'verify own address',
  'change own password',
  'change own two-factor',
  'change own passkeys',
  'end own sessions',
  'choose own letters',
  'change own preferences',
  'delete own account',
  'forget own browsers',
  'confirm own identity',
  'see notifications',
];
/** Administrators and monitor users ask another administrator. */
const notTheirs: Act[] = ['delete own account'];
/** What of the own account is closed to who is restricted. */
const notRestricted: Act[] = [
  'change own preferences',
  'delete own account',
  'confirm own identity',
  'change own two-factor',
  'change own passkeys',
  'choose own letters',
  'see notifications',
];
const without = (some: Act[], ...others: Act[]) => some.filter((act) => !others.includes(act));

/** What stands under /my: those who have sections of their own. */
const sections: Act[] = [
  'see own sections',
  'see own visits',
  'see own things',
  'see own feedback',
  'leave feedback',
  'see own notifications',
];
/** What is there for those who work with things of others. */
const looking: Act[] = ['see things', 'see groups'];
const working: Act[] = [...looking, 'change things', 'change own things'];

/** What only customers have: money of their own. */
const money: Act[] = ['see own balance', 'see own tariffs', 'pay tariffs'];

describe('Who may do what', () => {
  const expected: Record<Profile | 'visitor', Act[]> = {
    visitor: open,
    administrator: without(everyAct, ...notTheirs, ...sections, ...money, 'change own things'),
    standard: [...open, ...own, ...sections, ...working, 'give away things'],
    group: [...open, ...own, ...sections, ...working],
    monitor: [...open, ...without(own, 'change own profile', ...notTheirs), ...sections, ...looking],
    api: [...open, ...own],
    customer: [...open, ...own, ...sections, ...money, 'change own things'],
  };

  for (const profile of profiles) {
    it(`gives ${profile} its acts and no other`, () => {
      expect(allowed(actor({ profile }))).to.have.members(expected[profile]);
    });
  }

  it('gives visitors the door alone', () => {
    expect(allowed(null)).to.have.members(expected.visitor);
    expect(whyNot(null, 'see users')).to.equal('Sign in first.');
  });

  it('gives a profile that it does not know nothing', () => {
    for (const profile of ['Administrator', 'administrator,customer', 'constructor', '__proto__', '', ['administrator']])
      expect(allowed(actor({ profile: profile as Profile })), String(profile)).to.deep.equal([]);
  });

  it('leaves who is restricted its own account', () => {
    const left = [...open, ...without(own, ...notRestricted)];
    for (const profile of ['administrator', 'customer'] as const)
      expect(allowed(actor({ profile, state: 'STATE_SUSPENDED' })), profile).to.have.members(left);
  });

  it('leaves who is not active nothing, whatever the profile', () => {
    for (const changes of [{ isDeleted: true }, { isExpired: true }, { state: 'STATE_INACTIVE' }] as Partial<Actor>[])
      expect(allowed(actor({ profile: 'administrator', ...changes }))).to.deep.equal([]);
  });

  it('leaves who has still to choose a password nothing but that', () => {
    const who = actor({ profile: 'administrator', mustChangePassword: true });
    expect(allowed(who)).to.have.members([...open, 'change own password']);
  });

  it('leaves who must set up a second factor nothing but that', () => {
    const who = actor({ profile: 'administrator', needsSecondFactor: true });
    const left: Act[] = ['change own two-factor', 'change own passkeys', 'confirm own identity', 'change own password'];
    expect(allowed(who)).to.have.members([...open, ...left]);
    expect(whyNot(who, 'see users')).to.equal('Set up a second factor first.');
    const both = { ...who, mustChangePassword: true };
    expect(allowed(both), 'the password comes first').to.have.members([...open, 'change own password']);
  });

  it('lets nobody end itself', () => {
    const olga = actor({ profile: 'administrator' });
    const possible = everyAct.filter((act) => can(olga, act));
    const refused = possible.filter((act) => !can(olga, act, { id: olga.id }));
    expect(refused).to.have.members([
      'reject user',
      'deactivate user',
      'suspend user',
      'set profile',
      'set expiry',
      'reset password',
      'reset two-factor',
      'delete user',
      'purge user',
      'connect user',
    ]);
    expect(possible.filter((act) => !can(olga, act, { id: 8 }))).to.deep.equal([]);
  });

  it('tells a rule about oneself from a right that one has not', () => {
    const olga = actor({ profile: 'administrator' });
    expect(() => assertCan(olga, 'suspend user', { id: olga.id })).to.throw(Refused, 'You cannot suspend yourself');
    expect(() => assertCan(actor(), 'suspend user', { id: 8 })).to.throw(Forbidden);
    expect(() => assertCan(null, 'suspend user')).to.throw(Forbidden);
    expect(() => assertCan(olga, 'suspend user', { id: 8 })).to.not.throw();
  });
});

describe('Standing', () => {
  const expected: Record<State, Standing> = {
    STATE_APPROVED: 'full',
    STATE_FLAGGED: 'full',
    STATE_REQUESTED: 'restricted',
    STATE_REJECTED: 'restricted',
    STATE_SUSPENDED: 'restricted',
    STATE_INVITED: 'none',
    STATE_INACTIVE: 'none',
  };

  for (const state of states) {
    it(`is ${expected[state]} in ${state}`, () => {
      expect(standingOf({ ...account, state })).to.equal(expected[state]);
    });

    it(`is never full in ${state} with an address that is not verified, and none when expired or deleted`, () => {
      expect(standingOf({ ...account, state, isVerified: false })).to.not.equal('full');
      expect(standingOf({ ...account, state, isExpired: true })).to.equal('none');
      expect(standingOf({ ...account, state, isDeleted: true })).to.equal('none');
    });
  }
});
