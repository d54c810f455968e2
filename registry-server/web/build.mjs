// Bundles the third-party JavaScript of the registry's pages into dist/, which is committed: the Rust build needs no node.
// The same inputs give the same bytes, and `./check-dist` holds the committed ones against a rebuild.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

// Each bundle, and how it is loaded: the first three by a page, the next two by `import(…)`, the last pasted into a page opened
// from a disk. What is ours alone is only made smaller: a shop's network is slow.
const BUNDLES = [
  { name: 'check', entry: 'src/check.js', format: 'esm' },
  { name: 'scan', entry: 'src/scan.js', format: 'esm' },
  { name: 'concern', entry: 'src/concern.js', format: 'esm' },
  { name: 'age', entry: 'src/bundle/age.js', format: 'esm' },
  { name: 'qr', entry: 'src/bundle/qr.js', format: 'esm' },
  { name: 'offline', entry: 'src/offline.js', format: 'iife', alone: true },
];

// What age-encryption imports for recipients that the form refuses (post-quantum, hardware tags, passphrases) and, for
// X25519 where WebCrypto lacks it, a whole Edwards curve. Measured: 51 KB gzipped as it comes, 15 KB with these.
const REPLACED = {
  '@noble/post-quantum/hybrid.js': 'src/bundle/absent.js',
  '@noble/curves/nist.js': 'src/bundle/absent.js',
  '@noble/hashes/scrypt.js': 'src/bundle/absent.js',
  '@noble/curves/ed25519.js': 'src/bundle/x25519.js',
};

const replace = {
  name: 'replace',
  setup({ onResolve }) {
    for (const [module, file] of Object.entries(REPLACED)) {
      const filter = new RegExp(`^${module.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
      onResolve({ filter }, () => ({ path: join(here, file) }));
    }
  },
};

/** The packages that really ended up in a bundle, with their licences as they ship them. */
function packagesOf(metafile) {
  const [output] = Object.values(metafile.outputs);
  const folders = new Set();
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder && bytesInOutput > 0) folders.add(folder);
  }
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
    const file = ['LICENSE-MIT', 'LICENSE'].find((candidate) => existsSync(join(here, folder, candidate)));
    return { name, version, license, text: readFileSync(join(here, folder, file), 'utf8').trim() };
  });
}

const titled = ({ name, version, license }) => `${name} ${version}, ${license}`;

async function bundle({ entry, format, alone }) {
  const options = {
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: 'dist',
    minify: true,
    format,
    target: 'es2020',
    charset: 'ascii',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [replace],
  };
  const packages = packagesOf((await build(options)).metafile);
  // A page that is passed on by itself carries the whole texts; bundles of the server are beside LICENSES.txt.
  const notice = alone
    ? packages.map((each) => `${titled(each)}\n\n${each.text}`).join('\n\n')
    : packages.length > 0
      ? `${packages.map(titled).join('; ')}. Texts: LICENSES.txt`
      : `To read it: registry-server/web/${entry}`;
  if (notice.includes('*/')) throw new Error(`a licence of ${entry} would end its comment`);
  const { outputFiles: [file] } = await build({ ...options, banner: { js: `/*! ${notice} */` } });
  return { packages, bytes: file.contents };
}

async function main(out) {
  mkdirSync(out, { recursive: true });
  const licences = new Map();
  for (const each of BUNDLES) {
    if (!existsSync(join(here, each.entry))) {
      console.log(`${each.name}.js skipped: no ${each.entry}`);
      continue;
    }
    const { packages, bytes } = await bundle(each);
    writeFileSync(join(out, `${each.name}.js`), bytes);
    for (const found of packages) licences.set(titled(found), found.text);
    console.log(`${each.name}.js ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
  }
  const rule = '='.repeat(78);
  const texts = [...licences].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${rule}\n${title}\n${rule}\n\n${text}\n`);
  writeFileSync(join(out, 'LICENSES.txt'), texts.join('\n'));
  console.log(`LICENSES.txt ${licences.size} packages`);
}

await main(resolve(here, process.argv[2] ?? 'dist'));
