// Pictures of QR codes for the tests, as a canvas gives them: RGBA, row by row.

import encodeQR from 'qr';

/** A code of `text` with `quiet` light modules around, `scale` pixels a module. */
export function code(text, { scale = 6, quiet = 4, ecc = 'medium' } = {}) {
  const modules = encodeQR(text, 'raw', { ecc, border: quiet });
  const side = modules.length * scale;
  return drawn(side, side, (x, y) => (modules[Math.floor(y / scale)][Math.floor(x / scale)] ? 0 : 255));
}

/** A picture whose grey values, 0 to 255, `grey(x, y)` gives. */
export function drawn(width, height, grey) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = grey(x, y);
      data.set([value, value, value, 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

/** Black for white. */
export function inverted({ width, height, data }) {
  return drawn(width, height, (x, y) => 255 - data[(y * width + x) * 4]);
}

/** Turned by `degrees` about its middle, in a light square that holds it. */
export function turned({ width, height, data }, degrees) {
  const side = Math.ceil(Math.hypot(width, height));
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return drawn(side, side, (x, y) => {
    const [dx, dy] = [x - side / 2, y - side / 2];
    const [u, v] = [Math.floor(dx * cos + dy * sin + width / 2), Math.floor(dy * cos - dx * sin + height / 2)];
    return u >= 0 && v >= 0 && u < width && v < height ? data[(v * width + u) * 4] : 255;
  });
}
