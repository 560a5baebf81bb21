import type { SeededRandom } from "../random.ts";
import type { RawClient } from "../raw-client.ts";
import { garbage, nearlyRight } from "./garbage.ts";

/** Sends one packet, or a few that belong together; answers how many. */
type Throw = (client: RawClient, random: SeededRandom, frames: readonly string[]) => number;

/** An event with arguments of any kind, mostly of a frame that the server listens to. */
const frame: Throw = (client, random, frames) => {
  const name =
    random.next() < 0.9
      ? random.pick(frames)
      : random.pick(["own", "error", "newListener", "__proto__", "x"]);
  const count = random.pick([0, 1, 1, 1, 1, 1, 2, 4]);
  const args = Array.from({ length: count }, () =>
    random.next() < 0.5 ? nearlyRight(random) : garbage(random),
  );
  const ack = random.next() < 0.8 ? String(random.integer(1e6) + 1_000_000) : "";
  client.send(`42${ack}${JSON.stringify([name, ...args])}`);
  return 1;
};

/** A good packet with some characters changed, taken out or put in. */
const mutated: Throw = (client, random, frames) => {
  const good = `42${random.integer(100)}${JSON.stringify([random.pick(frames), nearlyRight(random)])}`;
  const letters = [...good];
  for (let change = random.integer(4); change >= 0; change--) {
    const at = random.integer(letters.length);
    letters.splice(
      at,
      random.integer(2),
      random.pick(['"', "[", "]", "{", "}", ",", "\\", "0", "-", "/", "\u0000", "é"]),
    );
  }
  client.send(letters.join(""));
  return 1;
};

/** An acknowledgement of something that was never asked, or that is no acknowledgement. */
const wrongAck: Throw = (client, random) => {
  const id = random.pick(["", "0", "1", "-1", "99999999999999999999", "1e9", String(random.integer(1e6))]);
  client.send(`43${id}${JSON.stringify(random.pick([[], [null], [garbage(random)], {}, "x"]))}`);
  return 1;
};

/** An event with binary parts: too few, too many, in the wrong order, with wrong places for them. */
const binary: Throw = (client, random, frames) => {
  const promised = random.pick([0, 1, 1, 2, 3, 10, 11, 1_000, -1, 1.5]);
  const kind = random.pick([5, 5, 6]);
  const name = random.next() < 0.8 ? `${JSON.stringify(random.pick(frames))},` : "";
  client.send(`4${kind}${promised}-${random.integer(100)}[${name}${JSON.stringify(garbage(random))}]`);
  const sent = random.integer(4);
  for (let part = 0; part < sent; part++) client.send(Buffer.alloc(random.integer(64), part));
  return 1 + sent;
};

/** Connecting to and leaving namespaces that are there or not. */
const namespace: Throw = (client, random) => {
  const name = random.pick([
    "/own",
    "/__proto__",
    "/constructor",
    "/",
    `/${"n".repeat(500)}`,
    "/a,b",
    "//",
    "/?x=1",
  ]);
  client.send(
    `4${random.pick([0, 0, 0, 1, 2, 4])}${name},${random.pick(["", "{}", "[]", '{"user":{}}', '{"pid":"x","offset":"y"}', "null"])}`,
  );
  return 1;
};

/** Packets of the layer below. */
const engine: Throw = (client, random) => {
  client.send(
    random.pick([
      "",
      "3",
      "3",
      "6",
      "5",
      "0{}",
      "2",
      "2probe",
      "3probe",
      "1",
      "7",
      "4",
      "b",
      "bAAAA",
      "\u001e",
      "4\u001e4",
    ]),
  );
  return 1;
};

/** What is no WebSocket frame: reserved bits, unknown kinds, no mask, lengths that lie, pieces without an end. */
const bytes: Throw = (client, random) => {
  const wild = Buffer.from(Array.from({ length: random.integer(40) + 1 }, () => random.integer(256)));
  const shapes = [
    wild,
    Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    Buffer.from([0x81, 0x02, 0x34, 0x32]),
    Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
    Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x34]),
    Buffer.from([0x80, 0x80, 0, 0, 0, 0]),
    Buffer.from([0x89, 0xfe, 0x00, 0xff, 0, 0, 0, 0]),
    Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe7]),
  ];
  client.sendBytes(random.pick(shapes));
  return 1;
};

/** Too large for the server. */
const large: Throw = (client, random, frames) => {
  client.send(`42${JSON.stringify([random.pick(frames), "x".repeat(66_000)])}`);
  return 1;
};

/** What is thrown, and how often out of a hundred. The last ones mostly end the connection. */
const THROWS: readonly (readonly [number, Throw])[] = [
  [78, frame],
  [6, wrongAck],
  [5, mutated],
  [4, binary],
  [3, namespace],
  [2, engine],
  [1, bytes],
  [1, large],
];

/** Throws something at the server that leaves the connection open: what is odd is in the frames. */
export const throwFrame: Throw = frame;

/** Throws anything at the server. */
export const throwPacket: Throw = (client, random, frames) => {
  let ticket = random.integer(100);
  const found = THROWS.find(([share]) => (ticket -= share) < 0) ?? THROWS[0]!;
  return found[1](client, random, frames);
};
