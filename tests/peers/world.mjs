// The real registry with statements of each kind that the browser tests look at, in a process of its own.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ROOT = new URL('../../', import.meta.url);
const TARGET = process.env.CARGO_TARGET_DIR ? new URL(`file://${process.env.CARGO_TARGET_DIR}/`) : new URL('target/', ROOT);

/** The registry's program. */
export const SERVER = new URL('debug/registry-server', TARGET).pathname;

/** Starts it; `close` ends it. */
export async function open() {
  const child = spawn(new URL('debug/examples/pages', TARGET).pathname, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await new Promise((resolve) => createInterface(child.stdout).once('line', (text) => resolve([text])));
  return { ...JSON.parse(line), close: () => child.stdin.end() };
}
