// Chromium, and what a page did while it was open.

import { chromium } from 'playwright-core';

/** Nothing but the pages may cause a request, so the browser's own errands are off. */
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
/** The narrowest that WCAG 2.1 asks for (1.4.10). */
export const NARROW = { width: 320, height: 568 };

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, chromiumSandbox: false });
}

/** A tab of its own in a new profile. `closed()` gives what went wrong in it, and closes it. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en', viewport: PHONE, ...options });
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const page = await context.newPage();
  const seen = { requests: [], faults: [] };
  const visited = new Set();
  const fault = (text) => seen.faults.push(`${page.url()}: ${text}`);
  page.on('request', (request) => {
    seen.requests.push(request.url());
    if (request.isNavigationRequest()) visited.add(request.url());
  });
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !isExpected(message, visited) && fault(`console: ${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => fault(`error: ${error}`));
  page.on('dialog', (dialog) => { fault(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  page.on('popup', (popup) => fault(`popup: ${popup.url()}`));
  page.on('download', (download) => fault(`download: ${download.url()}`));
  page.on('response', async (response) => (await response.headerValue('set-cookie').catch(() => null)) && fault('set-cookie'));
  return { context, page, seen, fault };
}

/** The browser notes a status of 400 or 404 of the page itself as an error: that is the page's answer, and no fault of it. And no page asks for an icon. */
function isExpected(message, visited) {
  const { url } = message.location();
  return /Failed to load resource/.test(message.text()) && (visited.has(url) || url.endsWith('/favicon.ico'));
}

/** What the page left on the device, and which of its own rules it broke: nothing, if all is well. */
export function traces(page) {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    // Without TLS there are neither caches nor workers; on this machine's own name there are.
    const caches = globalThis.caches ? await globalThis.caches.keys() : [];
    const workers = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
    return [
      ...(globalThis.violations ?? []),
      document.cookie && `cookie: ${document.cookie}`,
      localStorage.length && 'localStorage',
      sessionStorage.length && 'sessionStorage',
      databases.length && 'indexedDB',
      caches.length && 'caches',
      workers.length && 'service worker',
      globalThis.hacked && 'a hostile script ran',
    ].filter(Boolean);
  });
}

/** What sticks out sideways: nothing, if nothing scrolls sideways. */
export function sticksOut(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const name = (each) => `${each.localName}.${each.className?.baseVal ?? each.className}`;
    // What is clipped makes nothing scroll, and is lost all the same.
    const clipped = [...document.querySelectorAll('p, dd, ul, ol, h1, h2')].filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1);
    const lost = clipped.map((each) => `clipped: ${name(each)}, ${each.scrollWidth} of ${each.clientWidth}`).slice(0, 5);
    if (scrollWidth <= clientWidth) return lost;
    const out = [...document.querySelectorAll('body *')].filter((each) => {
      const { left, right } = each.getBoundingClientRect();
      return right > clientWidth + 0.5 || left < -0.5;
    });
    return [...lost, `${scrollWidth} of ${clientWidth}`, ...out.map(name).slice(0, 5)];
  });
}

/** Runs the work for each item, `width` at a time. */
export async function each(items, width, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    while (queue.length) await work(queue.shift());
  }));
}
