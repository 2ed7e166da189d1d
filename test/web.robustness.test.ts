import { expect } from 'chai';
import { forms, formType, refusedOrShown, strictForms, underAttack } from './kit/hostile.ts';
import { send } from './kit/raw.ts';

describe('Whatever stands in an address or a field', () => {
  const target = underAttack();

  const gets = [
    '/sign-in',
    '/account',
    '/account/sessions',
    '/confirm',
    '/users',
    '/users/count',
    '/users/deleted',
    '/history',
    '/users/uma',
  ];

  const values: [what: string, value: string][] = [
    ['NUL', '%00'],
    ['a broken byte', '%ff'],
    ['an overlong slash', '%c0%af'],
    ['half a character', '%ed%a0%80'],
    ['broken percent', '%zz%'],
    ['a long text', 'x'.repeat(9000)],
    ['line breaks', 'a%0d%0aset-cookie:%20x=y'],
    ['every wildcard', '%25_%25%5c_'.repeat(50)],
    ['a quote', `'%22;--`],
    ['Unicode digits', '%D9%A1'],
    ['a huge number', '9'.repeat(40)],
    ['a negative one', '-1'],
    ['bidi marks', '%E2%80%AE%E2%80%A8'],
  ];
  const names = [
    'q',
    'next',
    'out',
    'state',
    'profile',
    'sort',
    'limit',
    'after',
    'before',
    'open',
    'last',
    'registered',
    'balance',
  ];
  names.push('act', 'user', 'actor', 'return_to', 'return_to[]', 'token');

  for (const [what, value] of values) {
    it(`${what} in every part of an address is answered below 500`, async () => {
      for (const path of gets)
        await refusedOrShown(target, `${path}?${names.map((name) => `${name}=${value}`).join('&')}`.slice(0, 12_000), what);
      for (const name of names) await refusedOrShown(target, `/users?${name}=${value}`, `${what} as ${name}`);
      for (const name of ['act', 'user', 'actor', 'before'])
        await refusedOrShown(target, `/history?${name}=${value}`, `${what} as ${name}`);
      await refusedOrShown(target, `/users/${value}`, what);
      await refusedOrShown(target, `/${value}/${value}`, what);
    });

    it(`${what} in every field of a form is answered below 500`, async () => {
      const fields = [
        'identifier',
        'password',
        'email',
        'name',
        'version',
        'session',
        'theme',
        'return_to',
        'your_password',
        'username',
      ];
      fields.push(
        'current_password',
        'password_confirmation',
        'profile',
        'expires_at',
        'phone',
        'additional_info',
        'next',
        'user_type',
      );
      const body = `_csrf=${encodeURIComponent(target.token)}&${fields.map((name) => `${name}=${value}`).join('&')}`;
      for (const path of forms)
        await refusedOrShown(target, path, what, { method: 'POST', headers: formType, body: body.slice(0, 90_000) });
    });
  }

  it('names that mean something to JavaScript or to the templates change nothing', async () => {
    const tricks = ['__proto__', '__proto__.admin', '__proto__[admin]', 'constructor', 'constructor.prototype.admin', 'toString'];
    tricks.push(
      'hasOwnProperty',
      'settings[view options][client]',
      'settings[view options][escapeFunction]',
      'settings',
      'client',
    );
    tricks.push(
      'escape',
      'escapeFunction',
      'outputFunctionName',
      'localsName',
      'destructuredLocals',
      'delimiter',
      'openDelimiter',
    );
    tricks.push(
      'cache',
      'filename',
      'root',
      'views',
      'rmWhitespace',
      'async',
      'include',
      'locals',
      'title',
      'actor',
      'csrf',
      'nonce',
      'body',
    );
    const value = encodeURIComponent(`1;process.mainModule.require('child_process').execSync('echo pwned');x`);
    const query = tricks.map((name) => `${encodeURIComponent(name)}=${value}`).join('&');
    const clean = (text: string) => text.replace(/nonce="[^"]+"|name="_csrf" value="[^"]+"|name="return_to" value="[^"]+"/g, '');
    for (const path of ['/sign-in?x=1', '/account?x=1', '/users?open=uma', '/history?x=1', '/confirm?x=1', '/no-such-page?x=1']) {
      const plain = await send(target.address, path, { headers: { cookie: target.cookie } });
      const tricked = await send(target.address, `${path}&${query}`, { headers: { cookie: target.cookie } });
      expect(tricked.status, path).to.equal(plain.status);
      if (path.startsWith('/account') || path.startsWith('/no-such'))
        expect(clean(tricked.body), path).to.equal(clean(plain.body));
    }
    for (const path of forms)
      await refusedOrShown(target, path, 'tricks', {
        method: 'POST',
        headers: formType,
        body: `_csrf=${encodeURIComponent(target.token)}&${query}`,
      });
  });

  it('fields that come twice, or as lists and objects, are bad input', async () => {
    for (const path of strictForms) {
      const twice = [
        'identifier',
        'password',
        'email',
        'name',
        'version',
        'theme',
        'profile',
        'username',
        'your_password',
        'next',
        'return_to',
      ]
        .map((name) => `${name}=1&${name}=2&${name}[]=3&${name}[a]=4`)
        .join('&');
      await refusedOrShown(target, path, 'twice', {
        method: 'POST',
        headers: formType,
        body: `_csrf=${encodeURIComponent(target.token)}&${twice}`,
      });
    }
    for (const path of gets)
      await refusedOrShown(target, `${path}?${names.map((name) => `${name}=1&${name}=2&${name}[a]=3`).join('&')}`, 'twice');
  });

  it('an address that is longer than its redirect could be is answered all the same', async () => {
    const answer = await send(target.address, `/users?q=${'%'.repeat(3000)}`);
    expect([answer.status, answer.headers.location]).to.deep.equal([303, '/sign-in']);
  });

  it('an id of a request is ours, never what was sent', async () => {
    const { headers } = await send(target.address, '/sign-in', { headers: { 'x-request-id': 'forged' } });
    expect(headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });
});
