// Seals a concern before it leaves the device: what somebody says about a workplace is readable by those who answer for it,
// and not by whoever runs, copies or seizes the registry's disk. It does not protect from a registry that serves another
// script or other recipients; nothing that a page does can.
//
// The sealed text is an age file (age-encryption.org/v1, X25519 recipients) in ASCII armour. Pure functions first, the form
// last. Served as it is, without a build. Without JavaScript the form posts its fields as they are.

/** Lengths are rounded up to this, in bytes: how much somebody wrote says something about who wrote. */
export const PADDING = 1024;

/** Of one form; a certifier, its accreditor and a hotline are three. */
export const MAX_RECIPIENTS = 16;

/** Milliseconds in which a second press cannot follow a failure: the second half of a double click is no decision. */
const SECOND_PRESS = 1500;

/**
 * The recipients in a list parted by white space, each once. Only native X25519 ones, in Bech32's characters; age checks
 * the checksum.
 * @throws when there is none, too many, or one that is not X25519: a concern sealed for fewer than were named is not sent.
 */
export function recipients(list) {
  const found = [...new Set(list.split(/\s+/).filter(Boolean))];
  if (found.length === 0 || found.length > MAX_RECIPIENTS) throw new Error(`${found.length} recipients, expected 1 to ${MAX_RECIPIENTS}`);
  const strange = found.find((each) => !/^age1[02-9ac-hj-np-z]{58}$/.test(each));
  if (strange !== undefined) throw new Error(`not an X25519 recipient: ${strange.slice(0, 80)}`);
  return found;
}

/** What is sealed: version 1, UTF-8 JSON of exactly these members. */
export function message({ kind, text, label, contact, language }) {
  return new TextEncoder().encode(JSON.stringify({ version: 1, kind, text, label, contact, language }));
}

/** The bytes and as many spaces, which JSON ignores, as make them a multiple of `PADDING`. */
export function padded(bytes) {
  const whole = new Uint8Array(Math.ceil(bytes.length / PADDING) * PADDING).fill(0x20);
  whole.set(bytes);
  return whole;
}

/** The encrypter of the bundle `age` for every recipient of the list. Throws as `recipients` does. */
function encrypter(age, list) {
  const made = new age.Encrypter();
  for (const recipient of recipients(list)) made.addRecipient(recipient);
  return made;
}

/** An armoured age file of the concern, for every recipient of the list. `age` is the bundle. */
export async function seal(age, list, concern) {
  return age.armor.encode(await encrypter(age, list).encrypt(padded(message(concern))));
}

/** What the form says, absent fields as empty texts. */
function concernIn(form) {
  const fields = new FormData(form);
  const value = (name) => String(fields.get(name) ?? '');
  const language = document.documentElement.lang;
  return { kind: value('kind'), text: value('text'), label: value('label'), contact: value('contact'), language };
}

/** Posts only the sealed text and the form's token, so that the answer is a page. */
function post(form, sealed) {
  const second = document.createElement('form');
  second.method = 'post';
  // Attributes, and the prototype's `submit`: a field of such a name hides the form's own property.
  second.setAttribute('action', form.getAttribute('action'));
  second.hidden = true;
  for (const [name, value] of [['sealed', sealed], ['token', new FormData(form).get('token') ?? '']]) {
    second.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  document.body.append(second);
  HTMLFormElement.prototype.submit.call(second);
}

/** Empties what somebody wrote, for whoever presses Back on a shared phone; also what a reset would bring back. */
function wipe(form) {
  for (const field of form.querySelectorAll('[name=text], [name=label], [name=contact]')) field.value = field.defaultValue = '';
  for (const choice of form.querySelectorAll('select')) choice.selectedIndex = 0;
}

function concern(form) {
  const button = form.querySelector('button:not([type=button]), [type=submit]');
  const status = Object.assign(document.createElement('p'), { className: 'status' });
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  button.before(status);

  // Fetched when somebody begins to write, so that the promise below is made only when it can be kept.
  const list = form.dataset.recipients ?? '';
  let loaded = null;
  async function load() {
    if (loaded) return loaded;
    const age = await import(form.dataset.age);
    encrypter(age, list);
    status.textContent = form.dataset.sealed ?? '';
    return (loaded = age);
  }
  form.addEventListener('focusin', () => load().catch(() => {}), { once: true });

  let busy = false;
  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    busy = button.disabled = true;
    try {
      post(form, await seal(await load(), list, concernIn(form)));
      wipe(form);
    } catch {
      // Nothing was sent. From here on a press sends the fields as they are, to the registry, as the text says.
      status.textContent = form.dataset.failed ?? '';
      setTimeout(() => {
        form.removeEventListener('submit', submit);
        if (form.dataset.plain) button.textContent = form.dataset.plain;
        button.disabled = false;
        addEventListener('pagehide', () => wipe(form), { once: true });
      }, SECOND_PRESS);
    }
  }
  form.addEventListener('submit', submit);
  // Not before: a press while the answer is on its way would send the emptied form in its place.
  addEventListener('pageshow', () => (busy = button.disabled = false));
}

const form = globalThis.document?.getElementById('concern');
if (form) concern(form);
