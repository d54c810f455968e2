// Chromium without a window, driven over its debugging pipe, so that no package is needed for it.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where a Chromium is: `CHROMIUM`, else the first in `PATH`, else null. */
export function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** A running browser: `open(address)` gives a page, `close()` ends it. */
export async function launch(program, flags) {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const all = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...flags];
  const child = spawn(program, all, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const [, , , input, output] = child.stdio;
  const waiting = new Map();
  let number = 0;
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  input.on('error', () => {});
  gone.then(() => waiting.forEach(({ reject }) => reject(new Error('the browser is gone'))));
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      input.write(JSON.stringify({ id: number, method, params, sessionId }) + '\0');
    });

  async function open(address) {
    const { targetId } = await send('Target.createTarget', { url: address });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const call = (method, params) => send(method, params, sessionId);
    /** The value of an expression in the page, as after a tap. */
    async function value(expression) {
      const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, userGesture: true, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    }
    /** Waits, five seconds at most, until the expression is true; in between a page may give way to another. */
    async function until(expression) {
      for (let tries = 0; tries < 100; tries++) {
        if (await value(expression).catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const text = await value('document.body.innerText').catch(String);
      throw new Error(`never true: ${expression}; the page says: ${text}`);
    }
    await until(`location.href === ${JSON.stringify(address)} && document.readyState === 'complete'`);
    return { call, value, until };
  }

  async function close() {
    await send('Browser.close').catch(() => {});
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  return { open, close };
}
