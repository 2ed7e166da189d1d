// Asks the browser for a passkey. Loaded when the first button for one is pressed.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const described = (held = []) => held.map((one) => ({ ...one, id: toBytes(one.id) }));

/** Sends the form of the button with what the browser answers. Throws with a sentence for whoever pressed it. */
export async function usePasskey(button) {
  const { form, dataset } = button;
  if (!window.PublicKeyCredential) throw new Error('This browser knows no passkeys here.');
  const options = await askServer(dataset.challenge, form.elements._csrf.value);
  const credential = await (dataset.passkey === 'create' ? create(options) : get(options)).catch(explain);
  form.elements[dataset.into].value = JSON.stringify(credential);
  form.noValidate = true;
  form.requestSubmit();
}

async function askServer(path, _csrf) {
  const answer = await fetch(path, { method: 'POST', body: new URLSearchParams({ _csrf }) });
  const json = await answer.json().catch(() => null);
  if (answer.ok && json) return json;
  throw new Error(json?.says ?? 'This is not possible at the moment. Reload the page and try again.');
}

async function create(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  return inText(credential, (response) => ({
    attestationObject: toText(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  }));
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const credential = await navigator.credentials.get({ publicKey });
  return inText(credential, ({ authenticatorData, signature, userHandle }) => ({
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    ...(userHandle?.byteLength && { userHandle: toText(userHandle) }),
  }));
}

/** A credential as it is sent; `own` gives what only its kind of answer has. */
const inText = ({ id, type, rawId, response }, own) => ({
  id,
  type,
  rawId: toText(rawId),
  response: { clientDataJSON: toText(response.clientDataJSON), ...own(response) },
});

function explain({ name }) {
  if (name === 'InvalidStateError') throw new Error('This device holds a passkey for your account already.');
  if (name === 'NotAllowedError') throw new Error('No passkey was chosen, or it took too long. Nothing was changed.');
  throw new Error('The browser could not do this. Try another browser or device.');
}
