// The four outcomes at arm's length: by shape and brightness alone, and for eyes that tell colours apart differently.
//
// The sign of each verdict box, with the ground around it, is shrunk to 24 × 24 points: on a phone it is some 1.5 cm wide, so at
// arm's length (70 cm) a point is 3 minutes of arc, what an eye of 20/60 resolves. The words are left out: whoever cannot read them
// has only the sign, and their lengths must not pass for a difference.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { each, open } from './browser.mjs';
import { start } from './world.mjs';

const OUTCOMES = ['verified', 'caution', 'refused', 'undecided'];
const PAIRS = OUTCOMES.flatMap((one, at) => OUTCOMES.slice(at + 1).map((other) => [one, other]));
const SIDE = 24;
/** Pixels of ground around the sign. */
const GROUND = 8;
/** Mean difference of brightness, of 255: an eighth, several times what the same sign differs by between languages. */
const BRIGHTER = 32;
/** A box is as high as its words make it, so the sign falls on other pixels. */
const SAME_SIGN = 6;
/** Correlation of the brightnesses, which a lighter or darker ground does not change: 1 is the same shape, 0 none in common. A tick and a cross in rings alike had 0.79. */
const SAME_SHAPE = 0.5;

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** The sign as seen: RGB of SIDE × SIDE points. */
async function sight(outcome, { deficiency = 'none', language = 'en', colorScheme = 'light' } = {}) {
  const { context, page } = await open(world.browser, { locale: language, colorScheme, deviceScaleFactor: 2 });
  await page.goto(world.at(world.named(outcome)));
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setEmulatedVisionDeficiency', { type: deficiency });
  const { x, y, width, height } = await page.locator('.verdict svg').boundingBox();
  const picture = await page.screenshot({ clip: { x: x - GROUND, y: y - GROUND, width: width + 2 * GROUND, height: height + 2 * GROUND } });
  await context.close();
  return shrink(picture);
}

async function shrink(picture) {
  const { context, page } = await open(world.browser);
  const points = await page.evaluate(async ([data, side]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob(), { resizeWidth: side, resizeHeight: side, resizeQuality: 'high' });
    const brush = new OffscreenCanvas(side, side).getContext('2d');
    brush.drawImage(image, 0, 0);
    return [...brush.getImageData(0, 0, side, side).data].filter((_, at) => at % 4 !== 3);
  }, [picture.toString('base64'), SIDE]);
  await context.close();
  return points;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Brightness as television weighs it (BT.709). */
const grey = (points) => Array.from({ length: points.length / 3 }, (_, at) => 0.2126 * points[at * 3] + 0.7152 * points[at * 3 + 1] + 0.0722 * points[at * 3 + 2]);
const apart = (one, other) => mean(one.map((value, at) => Math.abs(value - other[at])));

function correlation(one, other) {
  const centred = (values) => values.map((value) => value - mean(values));
  const [a, b] = [centred(one), centred(other)];
  const product = (left, right) => mean(left.map((value, at) => value * right[at]));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** Fails unless every pair differs; tells by how much. */
async function differ(t, way) {
  const seen = {};
  await each(OUTCOMES, 2, async (outcome) => (seen[outcome] = grey(await sight(outcome, way))));
  for (const [one, other] of PAIRS) {
    const [difference, shape] = [apart(seen[one], seen[other]), correlation(seen[one], seen[other])];
    t.diagnostic(`${one}, ${other}: ${difference.toFixed(0)} of 255 apart, shapes correlate ${shape.toFixed(2)}`);
    assert.ok(difference >= BRIGHTER && shape <= SAME_SHAPE, `${one} and ${other} look alike: ${difference}, ${shape}`);
  }
}

for (const colorScheme of ['light', 'dark']) {
  test(`no two outcomes look alike without colours and words, ${colorScheme}`, (t) => differ(t, { colorScheme }));
}

for (const deficiency of ['protanopia', 'deuteranopia', 'tritanopia', 'achromatopsia']) {
  test(`nor to an eye with ${deficiency}`, (t) => differ(t, { deficiency }));
}

test('the same sign is the same in every script', async () => {
  await each(OUTCOMES, 2, async (outcome) => {
    const own = grey(await sight(outcome));
    for (const language of ['ar', 'bn', 'zh', 'ru']) {
      const other = grey(await sight(outcome, { language }));
      assert.ok(apart(own, other) < SAME_SIGN, `${outcome} in ${language}: ${apart(own, other)}`);
    }
  });
});
