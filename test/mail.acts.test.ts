import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openPostOffice, type PostOffice, sendAll } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

const reason = 'Invoice 7 is not paid.';

describe('Letters about acts', () => {
  let site: Site;
  let office: PostOffice;
  let olga: Visitor;
  beforeEach(async () => {
    office = await openPostOffice();
    site = await openSite({ SMTP_URL: office.url });
    await turnMailOn(site);
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  const kinds = async (to: Name | (string & {})) => (await lettersTo(site, to)).map(({ kind }) => kind);
  const set = (to: Name, values: object) => site.db('users').where({ username: to }).update(values);
  const act = async (path: string, fields: Record<string, string> = {}) => {
    const page = await olga.post(`/users/${path}`, fields);
    expect(page.status, page.text).to.equal(200);
    return page;
  };
  /** Undoes the last act upon somebody. */
  const undo = async (to: Name) => {
    const [last] = await site.db('history').where({ userId: site.ids[to] }).orderBy('id', 'desc');
    const page = await olga.post(`/undo/${last.id}`, {});
    expect(page.status, page.text).to.equal(200);
  };

  const moves: [path: string, from: string, kind: string][] = [
    ['activate', 'STATE_INACTIVE', 'activated'],
    ['activate', 'STATE_SUSPENDED', 'activated'],
    ['approve', 'STATE_REQUESTED', 'approved'],
    ['reject', 'STATE_REQUESTED', 'rejected'],
    ['deactivate', 'STATE_APPROVED', 'deactivated'],
    ['suspend', 'STATE_APPROVED', 'suspended'],
  ];
  for (const [path, state, kind] of moves) {
    it(`tell the user the reason: ${path} from ${state}`, async () => {
      await set('ines', { state });
      await act(`ines/${path}`, { reason });
      const [letter, ...more] = await lettersTo(site, 'ines');
      expect(more).to.deep.equal([]);
      expect(letter).to.deep.include({ kind, data: { reason }, state: 'queued' });
      const { historyId } = await site.db('letters').first();
      expect(await site.db('history').where({ id: historyId }).first()).to.include({ userId: site.ids.ines });
    });
  }

  it('say nothing of a flag, which is for administrators, nor that it is taken away', async () => {
    await act('ines/flag', { reason });
    await act('ines/activate');
    expect(await kinds('ines')).to.deep.equal([]);
  });

  it('tell of unlocking, of deletion and of restoring, at the address that is stored', async () => {
    await act('lea/unlock');
    expect(await kinds('lea')).to.deep.equal(['unlocked']);
    await act('ines/delete');
    await act('ines/restore');
    expect(await kinds('ines')).to.deep.equal(['deleted', 'restored']);
    await act('ines/delete');
    await set('uma', { email: 'ines@world.example' });
    await act('ines/restore', { email: 'ines@new.example' });
    expect(await kinds('ines@new.example')).to.deep.equal(['restored']);
  });

  it('tell of another profile and another last day, however they were set, and of nothing else', async () => {
    const edit = async (fields: Record<string, string>) => {
      await olga.get('/users/ines/edit');
      const page = await olga.submit('/users/ines/edit', fields);
      expect(page.status, page.text).to.equal(200);
    };
    await edit({ phone: '+34 91 000' });
    expect(await kinds('ines')).to.deep.equal([]);
    await edit({ expires_at: '2031-05-31' });
    await edit({ profile: 'monitor' });
    await edit({ profile: 'standard', expires_at: '' });
    expect((await lettersTo(site, 'ines')).map(({ kind, data }) => ({ kind, data }))).to.deep.equal([
      { kind: 'expiry-set', data: { day: '2031-05-31' } },
      { kind: 'profile-set', data: { profile: 'monitor' } },
      { kind: 'profile-set', data: { profile: 'standard', day: '' } },
    ]);
  });

  it('tell of a password that was changed, and bring the link where an administrator asks for that', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account/password');
    const password = 'lantern-violet-harbour';
    await uma.submit('/account/password', { current_password: 'kettle-orbit-velvet', password, password_confirmation: password });
    await olga.post('/users/ines/reset-password', { password: 'pear-lamp-77' });
    expect(await kinds('uma')).to.deep.equal(['password-changed']);
    expect(await kinds('ines')).to.deep.equal(['reset-by-administrator']);
    await sendAll(site.context);
    for (const { raw } of office.mails()) expect(raw).to.not.include(password).and.not.include('pear-lamp-77');
  });

  it('tell nothing of a password that was changed to an address that was never verified', async () => {
    await site.db('users').where({ username: 'uma' }).update({ emailVerifiedAt: null });
    const uma = await site.visitor('uma');
    await uma.get('/account/password');
    const password = 'lantern-violet-harbour';
    const page = await uma.submit('/account/password', {
      current_password: 'kettle-orbit-velvet',
      password,
      password_confirmation: password,
    });
    expect(page.text).to.include('Password changed.');
    expect(await kinds('uma')).to.deep.equal([]);
  });

  it('are not written while outgoing mail is off, nor when the act is refused', async () => {
    await act('ines/suspend', { reason });
    await olga.post('/users/ines/suspend', { reason });
    await olga.post('/users/olga/suspend', { reason });
    expect(await kinds('ines')).to.deep.equal(['suspended']);
    expect(await kinds('olga')).to.deep.equal([]);
    await site.db('settings').update({ outgoingMail: false });
    await act('ines/activate');
    expect(await kinds('ines')).to.deep.equal(['suspended']);
  });

  it('are not written where the user has turned them off, but for those that always come', async () => {
    await set('ines', { mutedLetters: ['state'] });
    await act('ines/suspend', { reason });
    await act('ines/delete');
    await act('ines/restore');
    expect(await kinds('ines')).to.deep.equal([]);
    await set('ines', { state: 'STATE_REQUESTED' });
    await act('ines/reject', { reason });
    expect(await kinds('ines')).to.deep.equal(['rejected']);
  });

  it('are dropped when the act is undone before they have left, and nothing is said', async () => {
    await act('ines/suspend', { reason });
    await undo('ines');
    await sendAll(site.context);
    expect((await lettersTo(site, 'ines')).map(({ kind, state }) => `${kind} ${state}`)).to.deep.equal(['suspended dropped']);
    expect((await site.db('letters').first()).serverWords).to.equal('What it was about has been undone.');
    expect(office.mails()).to.deep.equal([]);
  });

  it('are not tried again when the act was undone while one was on its way', async () => {
    await act('ines/suspend', { reason });
    await site.db('letters').update({ tries: 1, leaseUntil: site.db.raw(`now() + interval '30 seconds'`) });
    await undo('ines');
    await site.db('letters').update({ leaseUntil: null });
    await sendAll(site.context);
    expect(office.mails().map(({ subject }) => subject)).to.deep.equal(['Your account is active']);
  });

  const undone: [what: string, before: object, path: string, fields: Record<string, string>, back: object][] = [
    ['a suspension', { description: '' }, 'suspend', { reason }, { kind: 'activated', data: { reason: '' } }],
    [
      'an activation',
      { state: 'STATE_SUSPENDED', stateReason: 'Old' },
      'activate',
      {},
      { kind: 'suspended', data: { reason: 'Old' } },
    ],
    ['an approval', { state: 'STATE_REQUESTED' }, 'approve', {}, { kind: 'undone', data: { back: 'requested' } }],
    ['an unlocking', { lockedAt: '2026-11-20T08:00:00Z' }, 'unlock', {}, { kind: 'undone', data: { back: 'locked' } }],
    ['a deletion', { description: '' }, 'delete', {}, { kind: 'restored', data: {} }],
  ];
  for (const [what, before, path, fields, back] of undone) {
    it(`tell how it is again when ${what} is undone after its letter has left`, async () => {
      await set('ines', before);
      await act(`ines/${path}`, fields);
      await sendAll(site.context);
      expect(office.mails()).to.have.length(1);
      await undo('ines');
      const [, letter, ...more] = await lettersTo(site, 'ines');
      expect(more).to.deep.equal([]);
      expect(letter).to.deep.include({ ...back, state: 'queued' });
      await sendAll(site.context);
      expect(office.mails()).to.have.length(2);
    });
  }

  it('tell the terms of before when an edit is undone after its letter has left', async () => {
    await olga.get('/users/xena/edit');
    await olga.submit('/users/xena/edit', { profile: 'monitor', expires_at: '2031-05-31' });
    await sendAll(site.context);
    await undo('xena');
    expect((await lettersTo(site, 'xena')).at(-1)).to.deep.include({
      kind: 'profile-set',
      data: { profile: 'customer', day: '2026-06-30' },
    });
  });
});
