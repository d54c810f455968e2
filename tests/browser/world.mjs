// The registry that is looked at (tests/examples/pages), and the texts of its pages.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { launch } from './browser.mjs';

const ROOT = new URL('../../', import.meta.url);
const TARGET = process.env.CARGO_TARGET_DIR ? new URL(`file://${process.env.CARGO_TARGET_DIR}/`) : new URL('target/', ROOT);
export const SCREENSHOTS = new URL('screenshots/', TARGET);

export const LANGUAGES = ['ar', 'bn', 'en', 'es', 'fr', 'hi', 'ne', 'pt', 'ru', 'tr', 'ur', 'zh'];
export const direction = (language) => (['ar', 'ur'].includes(language) ? 'rtl' : 'ltr');

/** Starts the registry and a browser; `stop()` ends both. Every test file has its own. */
export async function start() {
  const program = new URL('debug/examples/pages', TARGET);
  const child = spawn(program.pathname, { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (log += chunk));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const [line, browser] = await Promise.all([first(child.stdout, gone, () => log), launch()]);
  const world = JSON.parse(line);
  const named = (name) => world.pages.find((page) => page.name === name) ?? fail(`no page ${name}`);
  async function stop() {
    await browser.close();
    child.stdin.end();
    await gone;
  }
  return { ...world, browser, named, stop, at: (page) => world.url + page.path };
}

async function first(stream, gone, log) {
  const lines = createInterface(stream);
  const end = gone.then(() => fail(`the registry did not start: ${log()}`));
  return Promise.race([new Promise((resolve) => lines.once('line', resolve)), end]);
}

function fail(text) {
  throw new Error(text);
}

/** The messages of a language that are one plain line. */
export function texts(language) {
  const source = readFileSync(new URL(`registry-server/texts/${language}.ftl`, ROOT), 'utf8');
  return Object.fromEntries([...source.matchAll(/^([a-z][\w-]*) = (\S.*)$/gm)].map(([, name, text]) => [name, text]));
}
