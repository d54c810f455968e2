// The page that checks a label from a disk (`file://`), with no network: label, evidence and trust are given by hand. It is
// bundled into one file with check.js and the code reader. Nothing is sent or kept.
//
// The page's elements, by id: `offline` a form with the textareas `label`, `evidence` and `trust` (which may come filled in),
// the file inputs `photo`, `evidence-file` and `trust-file`; `facts` a dl; `result` a section like the verdict page's `device`,
// with `data-unreadable` for a photograph without a code. `result` gets the outcome as `data-outcome`, for its style.

import decodeQR from 'qr/decode.js';
import { check, parseLabel, show } from './check.js';

/** Longest sides of the looks at a photograph: a code far away needs the finer one. */
const LOOKS = [1600, 3200];
const MAX_FILE = 64 << 20, MAX_TEXT = 8 << 20;

/** The text of the code in a picture; null where none is read. */
async function readPhoto(file) {
  if (file.size > MAX_FILE) return null;
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  for (const longest of LOOKS) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), { effort: Infinity, timeLimit: 2000 });
    } catch {
      // How it says that it found no code.
    }
  }
  return null;
}

/** What the label itself says, to be compared with the goods; of one that cannot be read, nothing. */
function tellFacts(list, text) {
  let label = null;
  try {
    label = parseLabel(text);
  } catch {
    // The check says why.
  }
  const facts = label === null ? [] : [
    ['GTIN', label.gtin ?? '-'], ['lot', label.lot], ['serial', label.serial],
    ['registry', label.origin], ['evidence', `${label.url}/v1/attestations/${label.index}/evidence`],
  ];
  list.replaceChildren(...facts.flatMap(([name, value]) => ['dt', 'dd'].map((tag, at) => {
    const element = document.createElement(tag);
    element.textContent = [list.dataset[name.toLowerCase()] ?? name, value][at];
    return element;
  })));
}

function start(form) {
  const [label, evidence, trust, facts, result] = ['label', 'evidence', 'trust', 'facts', 'result'].map((id) => document.getElementById(id));
  const status = result.querySelector('[role=status]');
  let newest = 0;
  const judge = async () => {
    const own = ++newest, text = label.value.trim();
    tellFacts(facts, text);
    result.dataset.outcome = '';
    result.classList.remove('alarm');
    status.textContent = '';
    result.querySelector('ol').replaceChildren();
    if (text === '' || evidence.value === '' || trust.value === '') return;
    // Nobody knows when this evidence was fetched.
    const found = await check(text, evidence.value, trust.value, Date.now(), null);
    // Typed on meanwhile: the answer to that is on its way.
    if (own !== newest) return;
    show(result, found);
    result.dataset.outcome = found.outcome;
  };
  const taken = (id, into, read) => document.getElementById(id).addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    const text = await read(file).catch(() => null);
    into.value = text ?? '';
    await judge();
    if (text === null) status.textContent = result.dataset.unreadable;
  });
  const readText = async (file) => (file.size > MAX_TEXT ? null : file.text());
  taken('photo', label, readPhoto);
  taken('evidence-file', evidence, readText);
  taken('trust-file', trust, readText);
  form.addEventListener('submit', (event) => { event.preventDefault(); judge(); });
  form.addEventListener('input', judge);
}

const form = document.getElementById('offline');
if (form) start(form);
