// What is served keeps to the pages' policy (no code from text, no markup from text) and carries its licences.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const scripts = (folder) => readdirSync(new URL(`../${folder}/`, import.meta.url)).filter((name) => name.endsWith('.js')).map((name) => `${folder}/${name}`);
const served = [...scripts('src'), ...scripts('dist')];

// Trusted Types and `script-src 'self'` refuse these at run time, some only on the path that nobody tried.
const FORBIDDEN = /\beval\s*\(|\bFunction\s*\(|\bWebAssembly\b|\.(?:inner|outer)HTML\b|insertAdjacentHTML|\.srcdoc\b|document\.write|new Worker|importScripts|createContextualFragment|DOMParser|setAttribute\(\s*["']style/;

test('no served script makes code or markup from text', () => {
  assert.ok(served.includes('dist/age.js') && served.includes('dist/qr.js') && served.includes('src/scan.js'));
  for (const path of served) assert.equal(FORBIDDEN.exec(read(path))?.[0], undefined, path);
});

test('no served script keeps anything or calls anybody else', () => {
  for (const path of ['src/scan.js', 'src/concern.js', 'dist/age.js', 'dist/qr.js']) {
    assert.equal(/localStorage|sessionStorage|indexedDB|document\.cookie|sendBeacon|XMLHttpRequest|\bfetch\s*\(|WebSocket/.exec(read(path))?.[0], undefined, path);
  }
});

test('bundles are whole: nothing is imported but at an address that the page gives', () => {
  for (const path of scripts('dist')) assert.equal(/\bimport\s*(?:["'{*]|\(\s*["'`])|\bexport\s*(?:\*|\{[^}]*\})\s*from|\brequire\s*\(/.exec(read(path))?.[0], undefined, path);
});

test('a bundle pasted into a page does not end its element', () => {
  for (const path of scripts('dist')) assert.equal(/<\/script|<script|<!--/i.exec(read(path))?.[0], undefined, path);
});

test('each package that a bundle names has its licence text', () => {
  const texts = read('dist/LICENSES.txt');
  for (const path of ['dist/age.js', 'dist/qr.js']) {
    const notice = /^\/\*! (.*)\. Texts: LICENSES\.txt \*\/\n/.exec(read(path));
    assert.ok(notice, path);
    for (const title of notice[1].split('; ')) assert.ok(texts.includes(`\n${title}\n`), title);
  }
  assert.match(texts, /Redistribution and use in source and binary forms/);
  assert.match(texts, /Permission is hereby granted, free of charge/);
});

test('the bundles stay small', () => {
  assert.ok(read('dist/age.js').length < 45_000);
  assert.ok(read('dist/qr.js').length < 40_000);
});
