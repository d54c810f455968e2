// The page that reads a label's code: the camera after a tap, or a photograph, read on the device; only the text that was
// read goes to the registry, as the address of the verdict page.
//
// Pure functions first, the page last. Served as it is, without a build. It keeps to `default-src 'none'; script-src 'self'`
// with Trusted Types: elements are made by DOM methods, texts are the section's data attributes, no worker (its address would
// be a Trusted Type), no style but `hidden`.

/** What the registry's verdict page takes; a QR code holds up to 2,953 bytes. */
export const MAX_LABEL_BYTES = 2048;

/** Milliseconds between two frames: ten looks a second find a code as soon as it is sharp, and leave the phone cool. */
const PAUSE = 100;

/** Frames in which the browser's detector finds nothing before ours looks as well: some detectors read no inverted codes. */
export const MISSES_OF_NATIVE = 20;

/** Longest side in pixels: of a frame, and of the two looks at a photograph (a code far away needs the finer one). */
const FRAME = 1280;
const PHOTO = [1600, 3200];

/** Retries of our decoder at a frame (its own 16 ms), and at a photograph, where somebody waits for this one answer. */
const QUICK = {};
const THOROUGH = { effort: Infinity, timeLimit: 2000 };

/** Whether a text could be a label. The server is the judge; this keeps Wi-Fi passwords and the like on the device. */
export function isLabel(text) {
  if (typeof text !== 'string' || text.length > MAX_LABEL_BYTES || !/^https?:\/\/./i.test(text)) return false;
  // Neither control characters nor spaces are in a URI, and half a surrogate pair has no percent-encoding.
  if (/[\u0000-\u0020\u007f]/.test(text) || /\p{Surrogate}/u.test(text)) return false;
  return new TextEncoder().encode(text).length <= MAX_LABEL_BYTES;
}

/** Where the verdict on a label's text is, in the language that this page was asked for in (`search` is its query). */
export function verdictAddress(label, search = '') {
  const language = new URLSearchParams(search).get('lang');
  return '/v1/verify?label=' + encodeURIComponent(label) + (language ? '&lang=' + encodeURIComponent(language) : '');
}

/** Of the texts of one picture, the first that could be a label, else the first, else null: packages carry other codes. */
export function bestText(texts) {
  return texts.find(isLabel) ?? texts[0] ?? null;
}

/** A picture's size when its longest side is at most `longest`; never enlarged, never zero. */
export function fit(width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Reads codes by the browser's detector (`native`, or null) and by ours, which `load` fetches once it is needed: without a
 * native one, when it fails (it may exist and have no service behind it), when it has missed often, and for photographs.
 * Both take a canvas and give a list of texts.
 */
export function reader(native, load) {
  let ours = null;
  let misses = 0;
  return async (canvas, thorough) => {
    if (native) {
      try {
        const texts = await native(canvas);
        if (texts.length > 0) {
          misses = 0;
          return texts;
        }
        misses += 1;
      } catch {
        native = null;
      }
      if (native && !thorough && misses < MISSES_OF_NATIVE) return [];
    }
    ours ??= await load();
    return ours(canvas, thorough ? THOROUGH : QUICK);
  };
}

/** The browser's own detector, or null where there is none for QR codes. */
export async function nativeDetector(Detector = globalThis.BarcodeDetector) {
  try {
    if (!(await Detector.getSupportedFormats()).includes('qr_code')) return null;
    const detector = new Detector({ formats: ['qr_code'] });
    return async (canvas) => (await detector.detect(canvas)).map((code) => code.rawValue).filter(Boolean);
  } catch {
    return null;
  }
}

/** Our decoder, from the address that the page names. */
async function loadDecoder(address) {
  const { default: decode } = await import(address);
  return (canvas, options) => {
    const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    try {
      return [decode(image, options)];
    } catch {
      return []; // How it says that it found no code.
    }
  };
}

/** The controls in the section, in the order in which Tab reaches them. Texts come from the section's data attributes. */
function controls(section) {
  const make = (tag, properties) => section.appendChild(Object.assign(document.createElement(tag), properties));
  const { start, stop, torch, photo } = section.dataset;
  const button = (text, hidden) => make('button', { type: 'button', textContent: text ?? '', hidden });
  const built = {
    status: make('p', {}),
    video: make('video', { muted: true, playsInline: true, hidden: true }),
    start: button(start, false),
    stop: button(stop, true),
    torch: button(torch, true),
  };
  const label = make('label', { textContent: photo ?? '' });
  built.photo = label.appendChild(Object.assign(document.createElement('input'), { type: 'file', accept: 'image/*' }));
  built.status.setAttribute('role', 'status');
  built.status.setAttribute('aria-live', 'polite');
  built.video.setAttribute('aria-hidden', 'true');
  return built;
}

function scan(section) {
  const { status, video, start, stop, torch, photo } = controls(section);
  const say = (text) => {
    // Set only when it changes: a live region set again is read aloud again.
    if (status.textContent !== text) status.textContent = text ?? '';
  };
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let reading = null;
  let stream = null;

  async function look(source, width, height, longest, thorough) {
    Object.assign(canvas, fit(width, height, longest));
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    reading ??= nativeDetector().then((native) => reader(native, () => loadDecoder(section.dataset.decoder)));
    return bestText(await (await reading)(canvas, thorough));
  }

  /** True when the text is a label, and the page is about to be left. */
  function answer(text) {
    if (!isLabel(text)) {
      say(section.dataset.notALabel);
      return false;
    }
    end();
    location.assign(verdictAddress(text, location.search));
    return true;
  }

  function end() {
    const hadFocus = [stop, torch].includes(document.activeElement);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = stop.hidden = torch.hidden = true;
    start.hidden = start.disabled = false;
    say('');
    if (hadFocus) start.focus();
  }

  function fail(text) {
    end();
    say(text);
  }

  async function watch(mine) {
    while (stream === mine) {
      if (video.videoWidth > 0 && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        const text = await look(video, video.videoWidth, video.videoHeight, FRAME, false);
        if (stream !== mine) return; // Stopped while we looked.
        if (text !== null && answer(text)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** Opens the camera and shows it; gives the stream to watch, or null when nobody looks any more. */
  async function open() {
    const wanted = { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } };
    const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
    if (document.hidden) {
      // Somebody went elsewhere while the browser asked: no camera runs behind their back.
      opened.getTracks().forEach((track) => track.stop());
      return null;
    }
    stream = opened;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => stream === opened && fail(section.dataset.noCamera));
    torch.hidden = !(section.dataset.torch && track.getCapabilities?.().torch);
    torch.setAttribute('aria-pressed', 'false');
    video.srcObject = stream;
    video.hidden = stop.hidden = false;
    start.hidden = true;
    stop.focus();
    say(section.dataset.looking);
    try {
      await video.play();
    } catch (error) {
      if (stream === opened) throw error; // Stopping interrupts it, which is no failure.
    }
    return opened;
  }

  start.addEventListener('click', async () => {
    start.disabled = true;
    let opened = null;
    try {
      opened = await open();
    } catch (error) {
      const denied = ['NotAllowedError', 'SecurityError'].includes(error.name);
      fail(denied ? section.dataset.denied : section.dataset.noCamera); // No camera: also on a page without TLS.
    } finally {
      start.disabled = false;
    }
    // What fails then is fetching the decoder.
    if (opened) watch(opened).catch(() => stream === opened && fail(section.dataset.unreadable));
  });

  stop.addEventListener('click', end);

  torch.addEventListener('click', async () => {
    const on = torch.getAttribute('aria-pressed') !== 'true';
    try {
      await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
      torch.setAttribute('aria-pressed', String(on));
    } catch {
      torch.hidden = true;
    }
  });

  photo.addEventListener('change', async () => {
    const [file] = photo.files;
    photo.value = ''; // So that the same photograph can be chosen again.
    if (!file) return;
    end();
    say(section.dataset.looking);
    try {
      const picture = await createImageBitmap(file);
      const longer = Math.max(picture.width, picture.height);
      let text = null;
      for (const [number, longest] of PHOTO.entries()) {
        if (text === null && (number === 0 || longer > PHOTO[number - 1])) {
          text = await look(picture, picture.width, picture.height, longest, true);
        }
      }
      picture.close();
      if (text === null) say(section.dataset.unreadable);
      else answer(text);
    } catch {
      say(section.dataset.unreadable);
    }
  });

  addEventListener('pagehide', end);
  document.addEventListener('visibilitychange', () => document.hidden && end());
}

const section = globalThis.document?.getElementById('scan');
if (section) scan(section);
