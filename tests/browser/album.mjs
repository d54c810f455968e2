// The pictures of a run, side by side: outcomes across, languages down.

import { existsSync, writeFileSync } from 'node:fs';

/** Writes `index.html` beside the pictures; fails when one is missing. */
export function album(folder, outcomes, languages) {
  const cell = (outcome, language) => {
    const name = `${outcome}-${language}.png`;
    if (!existsSync(new URL(name, folder))) throw new Error(`no picture ${name}`);
    return `<td><a href="${name}"><img src="${name}" alt="${outcome}, ${language}" loading="lazy"></a></td>`;
  };
  const rows = languages.map((language) => `<tr><th>${language}</th>${outcomes.map((outcome) => cell(outcome, language)).join('')}</tr>`);
  const style = 'img{width:360px;border:1px solid #888}td,th{vertical-align:top;padding:.5rem}@media print{tr{break-inside:avoid}img{width:4cm}}';
  const head = outcomes.map((outcome) => `<th>${outcome}</th>`).join('');
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Verdicts</title><style>${style}</style><table><tr><th></th>${head}</tr>${rows.join('')}</table>`;
  writeFileSync(new URL('index.html', folder), page);
}
