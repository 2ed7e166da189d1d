import { expect } from 'chai';
import { asset } from '../src/web/assets.ts';
import { send, sendBytes } from './kit/raw.ts';
import { openSite, type Site } from './kit/site.ts';

describe('What is not served', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  it('is not found: files of the project, by no spelling', async () => {
    const paths = [
      '/.git',
      '/.git/config',
      '/.env',
      '/package.json',
      '/node_modules/express/package.json',
      '/src/app.ts',
      '/views/signin/sign-in.ejs',
      '/public/app.js',
      '/assets/',
      '/assets/x/../../package.json',
      '/assets/x/..%2f..%2fpackage.json',
      '/assets/x/..%5c..%5cpackage.json',
      '/assets/%2e%2e/%2e%2e%2fpackage.json',
      '/assets/x/%252e%252e%252fpackage.json',
      `${asset('app.js')}.map`,
      `${asset('app.js')}/../../../../etc/passwd`,
      '//package.json',
      '/..//package.json',
      '/assets/constructor/constructor',
      '/assets/undefined/__proto__',
      '/assets/undefined/toString',
    ];
    for (const path of paths) {
      const answer = await send(site.address, path);
      expect(answer.status, path).to.equal(404);
      expect(answer.body, path).to.not.include('"dependencies"').and.not.include('root:');
    }
  });

  it('is refused by method, with those that are possible', async () => {
    const possible: [path: string, allow: string][] = [
      ['/sign-in', 'GET, HEAD, POST'],
      ['/sign-out', 'POST'],
      ['/users', 'GET, HEAD'],
      ['/users/uma/suspend', 'GET, HEAD, POST'],
    ];
    for (const [path, allow] of possible) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'OPTIONS']) {
        const answer = await send(site.address, path, { method });
        expect([answer.status, answer.headers.allow], `${method} ${path}`).to.deep.equal([405, allow]);
        expect(answer.body, method).to.not.include('HTTP/1.1');
      }
    }
    expect((await send(site.address, '/sign-out')).status).to.equal(405);
    expect(await sendBytes(site.address, 'FROB /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
  });

  it('is any host but ours', async () => {
    const { port } = new URL(site.address);
    const hosts: [host: string, status: number][] = [
      [`localhost:${port}`, 200],
      [`127.0.0.1:${port}`, 200],
      [`[::1]:${port}`, 200],
      [`LOCALHOST:${port}`, 200],
      ['evil.test', 421],
      [`localhost.evil.test:${port}`, 421],
      [`evil@localhost:${port}`, 421],
      [`localhost:${port}/evil`, 421],
      [`localhost:${port}?evil`, 421],
      [`localhost:${port}#evil`, 421],
      ['localhost:abc', 421],
      ['127.0.0.1.nip.io', 421],
    ];
    for (const [host, status] of hosts) {
      const answer = await send(site.address, '/sign-in', { headers: { host } });
      expect(answer.status, host).to.equal(status);
    }
    const nameless = 'GET /sign-in HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n';
    expect(await sendBytes(site.address, nameless)).to.match(/^HTTP\/1\.1 421 /);
    const named = { 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test', 'x-host': 'evil.test' };
    const answer = await send(site.address, '/sign-in?next=/users', { headers: named });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.not.include('evil.test');
    expect(JSON.stringify(answer.headers)).to.not.include('evil.test');
  });

  it('is loopback where the public address is another', async () => {
    await site.close();
    site = await openSite({ BASE_URL: 'https://roster.example' });
    for (const host of ['localhost', '127.0.0.1', 'roster.example.evil.test', 'sub.roster.example'])
      expect((await send(site.address, '/sign-in', { headers: { host } })).status, host).to.equal(421);
    expect((await send(site.address, '/sign-in', { headers: { host: 'roster.example' } })).status).to.equal(200);
    expect((await send(site.address, '/healthz', { headers: { host: '10.0.0.7' } })).status, 'probes come by number').to.equal(
      200,
    );
  });

  it('is another address in the first line', async () => {
    const answer = await sendBytes(
      site.address,
      `GET http://evil.test/users HTTP/1.1\r\nhost: ${new URL(site.address).host}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).to.match(/^HTTP\/1\.1 303 /);
    expect(answer).to.match(/location: \/sign-in\?next=/i);
  });

  it('is the machine’s measure without its word', async () => {
    await site.close();
    site = await openSite({ METRICS_TOKEN: 'measure-me-0123456789' });
    const status = async (authorization: string) => (await send(site.address, '/metrics', { headers: { authorization } })).status;
    expect(await status('')).to.equal(401);
    expect(await status('Bearer measure-me-012345678')).to.equal(401);
    expect(await status('measure-me-0123456789')).to.equal(401);
    expect(await status('Bearer measure-me-0123456789')).to.equal(200);
    expect((await send(site.address, '/metrics?token=measure-me-0123456789')).status).to.equal(401);
  });
});
