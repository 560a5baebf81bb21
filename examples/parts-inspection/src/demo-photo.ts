import { crc32, deflateSync } from "node:zlib";

const WIDTH = 480;
const HEIGHT = 360;

type Colour = readonly [red: number, green: number, blue: number];

/** A picture of a turned part with a fault at some angle (in radians), ringed in red: drawn here, as PNG. */
export function demoPhoto(angle: number): Buffer {
  const fault = { x: 240 + Math.cos(angle) * 112, y: 180 + Math.sin(angle) * 112 };
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  let at = 0;
  for (let y = 0; y < HEIGHT; y += 1) {
    rows[at++] = 0; // No filter.
    for (let x = 0; x < WIDTH; x += 1) {
      for (const part of colourAt(x, y, fault)) rows[at++] = Math.max(0, Math.min(255, part));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2], 8); // Eight bits for each of red, green and blue.
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function colourAt(x: number, y: number, fault: { readonly x: number; readonly y: number }): Colour {
  const toFault = Math.hypot(x - fault.x, y - fault.y);
  if (Math.abs(toFault - 34) < 2.2) return [214, 48, 49];
  const [dx, dy] = [x - 240, y - 180];
  const radius = Math.hypot(dx, dy);
  const turn = Math.atan2(dy, dx);
  // Turned metal: light that goes round with the angle, and the grooves of the tool.
  const shine = 26 * Math.cos(2 * (turn + 0.7)) + 4 * Math.sin(radius * 2.1);
  if (toFault < 6 + 2 * Math.sin(3 * Math.atan2(y - fault.y, x - fault.x) + 1)) return [52, 50, 54];
  if (radius > 158) return bench(x, y);
  if (radius < 44) return radius < 38 ? bench(x, y) : [96, 100, 108];
  for (let hole = 0; hole < 5; hole += 1) {
    const bolt = (hole * 2 * Math.PI) / 5 - 0.3;
    const toHole = Math.hypot(dx - Math.cos(bolt) * 66, dy - Math.sin(bolt) * 66);
    if (toHole < 10) return toHole < 8.5 ? [44, 47, 54] : [108, 112, 120];
  }
  const base = radius > 88 ? 176 : 148;
  const edge = Math.abs(radius - 88) < 2 || radius > 155 ? -46 : 0;
  return [base + shine + edge, base + 4 + shine + edge, base + 10 + shine + edge];
}

/** The bench below it, darker to the right. */
function bench(x: number, y: number): Colour {
  const shade = (x + y) / 14;
  return [84 - shade, 92 - shade, 104 - shade];
}
