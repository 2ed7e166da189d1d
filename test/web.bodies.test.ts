import { expect } from 'chai';
import { forms, formType, refusedOrShown, strictForms, underAttack } from './kit/hostile.ts';
import { send, sendBytes } from './kit/raw.ts';

describe('Whatever comes as a body, a cookie or a header', () => {
  const target = underAttack();

  const bodies: [what: string, status: number, headers: Record<string, string>, body: () => string | Buffer][] = [
    ['ten thousand fields', 413, {}, () => Array.from({ length: 10_000 }, (_, index) => `k${index}=v`).join('&')],
    ['a megabyte', 413, {}, () => `name=${'x'.repeat(1_000_000)}`],
    ['a charset that nobody reads', 415, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' }, () => 'name=x'],
    ['an encoding that nobody reads', 415, { 'content-encoding': 'rot13' }, () => 'name=x'],
    ['what is not gzip', 400, { 'content-encoding': 'gzip' }, () => 'name=x'],
    ['deep JSON', 403, { 'content-type': 'application/json' }, () => `${'['.repeat(9000)}${']'.repeat(9000)}`],
    ['XML', 403, { 'content-type': 'text/xml' }, () => '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['multipart that ends early', 403, { 'content-type': 'multipart/form-data; boundary=x' }, () => '--x\r\ncontent-dispo'],
    ['multipart without boundary', 403, { 'content-type': 'multipart/form-data' }, () => 'x'],
    ['nothing', 403, {}, () => ''],
    ['bytes', 403, {}, () => Buffer.from([0, 255, 254, 0, 10, 37, 255])],
  ];
  for (const [what, status, headers, body] of bodies) {
    it(`${what} as a body is answered with ${status}`, async () => {
      for (const path of forms) {
        const answer = await send(target.address, path, {
          method: 'POST',
          headers: { cookie: target.cookie, ...formType, ...headers },
          body: body(),
        });
        expect(answer.status, path).to.equal(status);
      }
    });
  }

  it('no body at all, but the token in the header, is bad input', async () => {
    for (const path of strictForms) {
      const headers = { 'x-csrf-token': target.token, 'content-type': 'text/plain', 'content-length': '0' };
      await refusedOrShown(target, path, 'no body', { method: 'POST', headers });
    }
  });

  it('cookies that are none are no cookies', async () => {
    const cookies = [
      'roster',
      'roster=',
      'roster=%',
      'roster=%ff',
      'roster=s%3A',
      'roster=s:.',
      '=;=;;',
      'a=b; roster="x',
      'roster=j:{"a":1}',
    ];
    cookies.push(
      `roster=${'x'.repeat(8000)}`,
      '__proto__=1; constructor=2',
      'roster-browser=%00',
      `roster-browser=${'A'.repeat(44)}`,
    );
    for (const one of cookies) {
      const answer = await send(target.address, '/users', { headers: { cookie: one } });
      expect([answer.status, answer.headers.location], one.slice(0, 40)).to.deep.equal([303, '/sign-in?next=%2Fusers']);
    }
  });

  it('headers beyond every measure are refused', async () => {
    const host = new URL(target.address).host;
    const huge = await sendBytes(target.address, `GET / HTTP/1.1\r\nhost: ${host}\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`);
    expect(huge).to.match(/^HTTP\/1\.1 431 /);
    const broken = [
      `GET / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\nhost: ${host}\r\nhost: evil.test\r\nx\r\n\r\n`,
      `GET /\0 HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
      'GARBAGE\r\n\r\n',
    ];
    for (const bytes of broken) expect(await sendBytes(target.address, bytes)).to.match(/^HTTP\/1\.1 400 /);
  });
});
