import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

export type Sent = { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer };

/** A request as no browser would send it: any method, any Host, a path that nobody tidies up, no redirect followed. */
export function send(address: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Reads so many bytes of an answer that has more, then breaks it off. */
export function hangUp(
  address: string,
  path: string,
  { headers, afterBytes }: { headers: Record<string, string>; afterBytes: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { headers, agent: false }, (response) => {
      let read = 0;
      response.on('data', (piece: Buffer) => {
        read += piece.length;
        if (read >= afterBytes) sent.destroy();
      });
      response.on('error', () => resolve());
      response.on('end', () => reject(new Error(`That was all: ${read} bytes.`)));
    });
    sent.end();
  });
}

/** The bytes as they are, on a socket; what comes back until it closes. */
export function sendBytes(address: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

/** The name and value of each cookie that an answer sets, and its flags. */
export function cookiesOf(headers: IncomingHttpHeaders): { name: string; value: string; flags: string[] }[] {
  return (headers['set-cookie'] ?? []).map((line) => {
    const [pair = '', ...flags] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    return { name, value, flags };
  });
}
