/** The name and the origin for which passkeys are made: a browser offers them nowhere else. */
export type Party = { rpId: string; origin: string };

/**
 * For whom passkeys are made: BASE_URL says it, never a header. While that is this machine itself, its name is `localhost`, the only
 * one of its names that browsers make passkeys for, under whatever port it was asked for; `host` is one that the gate has let in.
 * Where there can be none, the sentence that says why.
 */
export function partyAt(baseUrl: string, host: string): Party | { instead: string } {
  const base = new URL(baseUrl);
  if (isThisMachine(base)) return localParty(new URL(`http://${host}`));
  if (base.protocol !== 'https:') return { instead: 'Passkeys need a console that is reached by https.' };
  if (/^[\d.]+$|^\[/.test(base.hostname))
    return { instead: 'Passkeys need a console that is reached by a name, not by a number.' };
  return { rpId: base.hostname, origin: base.origin };
}

const isThisMachine = ({ hostname }: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

function localParty(asked: URL): Party | { instead: string } {
  if (asked.hostname === 'localhost') return { rpId: 'localhost', origin: asked.origin };
  return { instead: `Passkeys need the name localhost here: open http://localhost:${asked.port || 80} instead.` };
}
