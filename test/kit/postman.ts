import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { openPostman } from '../../src/mail/postman.ts';
import type { Works } from '../../src/mail/send.ts';
import { type Mail, readMail } from './mime.ts';

/** What the server answers: an SMTP reply such as '550 No such person', or a broken or silent connection. */
export type Answer = `${number} ${string}` | 'drop' | 'hang';

/** At which step of handing over a mail: its sender, its receiver, its content, or signing in. */
export type Step = 'auth' | 'from' | 'to' | 'data';

type Rule = { step: Step; answer: Answer; times: number; to: string | undefined };

/** A real mail server on this machine. */
export type PostOffice = {
  /** What SMTP_URL has to hold. */
  url: string;
  /** Everything that has arrived, in its order; of one receiver where one is named. */
  mails(to?: string): Mail[];
  /** From now on it answers so at this step, `times` times, or always; to one receiver, or to all. */
  answer(step: Step, answer: Answer, more?: { times?: number; to?: string }): void;
  /** It takes everything again. */
  mend(): void;
  /** How often somebody has connected. */
  connections(): number;
  /** Goes away, and comes back at the same address. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
};

/** Sends all that is due, as the worker does. */
export async function sendAll(works: Works): Promise<void> {
  const postman = openPostman(works);
  await postman.work().finally(postman.stop);
}

/** Opens a mail server on a free port. With `login`, whoever signs in otherwise is refused. */
export async function openPostOffice({ login }: { login?: string } = {}): Promise<PostOffice> {
  const rules: Rule[] = [];
  const arrived: Mail[] = [];
  let connections = 0;
  const due = (step: Step, to?: string) => {
    const rule = rules.find((one) => one.step === step && one.times > 0 && (!one.to || one.to === to));
    if (rule) rule.times -= 1;
    return rule?.answer ?? null;
  };
  const make = () => openServer(login, due, arrived, () => (connections += 1));
  let server = make();
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.server.address() as AddressInfo;
  const leave = () => closed(server);
  return {
    url: `smtp://${login ? `${login}@` : ''}127.0.0.1:${port}`,
    mails: (to) => arrived.filter((mail) => !to || mail.to.includes(to)),
    answer: (step, answer, { times = Number.POSITIVE_INFINITY, to } = {}) => void rules.push({ step, answer, times, to }),
    mend: () => void rules.splice(0),
    connections: () => connections,
    leave,
    comeBack: async () => {
      server = make();
      await listen(port);
    },
    close: leave,
  };
}

function openServer(
  login: string | undefined,
  due: (step: Step, to?: string) => Answer | null,
  arrived: Mail[],
  count: () => void,
): SMTPServer {
  const server: SMTPServer = new SMTPServer({
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authOptional: !login,
    closeTimeout: 10,
    onConnect: (_session, done) => {
      count();
      done();
    },
    onAuth: ({ username, password }, session, done) => {
      const isRight = `${username}:${password}` === login;
      reply(server, session, due('auth') ?? (isRight ? null : '535 5.7.8 Authentication failed'), (error) =>
        done(error ?? null, { user: username }),
      );
    },
    onMailFrom: (_address, session, done) => reply(server, session, due('from'), done),
    onRcptTo: ({ address }, session, done) => reply(server, session, due('to', address), done),
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map(({ address }) => address);
        const answer = due('data', to[0]);
        const isTaken = answer === null || answer === 'drop' || answer === 'hang'; // Nobody hears that it has been taken.
        if (isTaken)
          arrived.push(readMail(Buffer.concat(pieces).toString('utf8'), { from: mailFrom ? mailFrom.address : '', to }));
        reply(server, session, answer, done);
      });
    },
  });
  server.on('error', () => {});
  return server;
}

function reply(
  server: SMTPServer,
  session: SMTPServerSession,
  answer: Answer | null,
  done: (error?: Error | null) => void,
): void {
  if (answer === null) done();
  else if (answer === 'drop') breakOff(server, session);
  else if (answer !== 'hang') done(Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) }));
}

type Connection = { session: SMTPServerSession; _socket: { destroy(): void } };

function breakOff(server: SMTPServer, session: SMTPServerSession): void {
  const open = [...(server as unknown as { connections: Set<Connection> }).connections];
  for (const { session: one, _socket } of open) if (one.id === session.id) _socket.destroy();
}

function closed(server: SMTPServer): Promise<void> {
  for (const { _socket } of (server as unknown as { connections: Set<Connection> }).connections) _socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
