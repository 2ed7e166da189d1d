import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What such a device may get wrong. */
export type Wrong = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  /** Whether it has recognised its holder. */
  isVerified?: boolean;
  counter?: number;
  type?: string;
  /** Signs with a key that is not the one it was asked for. */
  key?: KeyObject;
  userHandle?: string;
};

/** A key that no server knows. */
export const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Answers that no server may take. */
export const wrongPasskeys: [what: string, wrong: Wrong][] = [
  ['made for another origin', { origin: 'https://evil.test' }],
  ['made for another name', { rpId: 'evil.test' }],
  ['of another challenge', { challenge: 'AAAA' }],
  ['of another ceremony', { type: 'webauthn.create' }],
  ['signed by another key', { key: otherKey }],
  ['of another holder', { userHandle: Buffer.from('somebody else').toString('base64url') }],
];

type Options = { challenge: string; rp?: { id: string }; rpId?: string; user?: { id: string } };

/** A device with one passkey, made of keys and bytes alone: what a browser would make of it, as our forms send it. */
export function authenticator(origin: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let counter = 0;
  let handle = '';

  const made = (clientDataJSON: Buffer, more: Record<string, unknown>) =>
    JSON.stringify({
      id: text(id),
      rawId: text(id),
      type: 'public-key',
      response: { clientDataJSON: text(clientDataJSON), ...more },
    });

  return {
    id: text(id),
    privateKey,
    /** Makes its passkey for what the server asked. */
    create(options: Options, wrong: Wrong = {}): string {
      handle = options.user?.id ?? '';
      const clientData = clientDataOf('webauthn.create', options, { origin, ...wrong });
      const key = publicKey.export({ format: 'jwk' });
      const credential = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseKey(key.x as string, key.y as string)]);
      const authData = authDataOf(options.rp?.id ?? '', { counter, ...wrong }, credential);
      const attestationObject = text(
        Buffer.concat([
          Buffer.from([0xa3]),
          cborText('fmt'),
          cborText('none'),
          cborText('attStmt'),
          Buffer.from([0xa0]),
          cborText('authData'),
          cborBytes(authData),
        ]),
      );
      return made(clientData, { attestationObject, transports: ['internal'] });
    },
    /** Shows its passkey for what the server asked. */
    get(options: Options, wrong: Wrong = {}): string {
      counter += 1;
      const clientData = clientDataOf('webauthn.get', options, { origin, ...wrong });
      const authenticatorData = authDataOf(options.rpId ?? '', { counter, ...wrong });
      const digest = createHash('sha256').update(clientData).digest();
      const signature = createSign('sha256')
        .update(Buffer.concat([authenticatorData, digest]))
        .sign(wrong.key ?? privateKey);
      const userHandle = wrong.userHandle ?? handle;
      return made(clientData, { authenticatorData: text(authenticatorData), signature: text(signature), userHandle });
    },
  };
}

export type Authenticator = ReturnType<typeof authenticator>;

const text = (bytes: Buffer) => bytes.toString('base64url');

const clientDataOf = (type: string, options: Options, wrong: Wrong) =>
  Buffer.from(
    JSON.stringify({
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? options.challenge,
      origin: wrong.origin,
      crossOrigin: false,
    }),
  );

function authDataOf(rpId: string, { counter = 0, isVerified = true, ...wrong }: Wrong, credential?: Buffer): Buffer {
  const flags = 0x01 | (isVerified ? 0x04 : 0) | (credential ? 0x40 : 0);
  const counted = Buffer.alloc(4);
  counted.writeUInt32BE(counter);
  const rpIdHash = createHash('sha256')
    .update(wrong.rpId ?? rpId)
    .digest();
  return Buffer.concat([rpIdHash, Buffer.from([flags]), counted, credential ?? Buffer.alloc(0)]);
}

/** An EC2 key of P-256 for ES256, as COSE writes it. */
const coseKey = (x: string, y: string) =>
  Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ]);

const cborText = (words: string) => Buffer.concat([Buffer.from([0x60 + words.length]), Buffer.from(words)]);

const cborBytes = (bytes: Buffer) => Buffer.concat([Buffer.from([0x58, bytes.length]), bytes]);

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
