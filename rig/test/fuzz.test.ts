import { fuzz } from "@livecache/rig";
import { expect, test } from "vitest";

test("20,000 strange packets and handshakes end nothing, leave no promise alone, change no prototype, and good frames are answered between them", async () => {
  const figures = await fuzz({ packets: 20_000, seed: 20 });
  expect(figures).toMatchObject({ exits: 0, rejections: [], isPolluted: false, silent: 0, lastWords: "" });
  expect(figures.packets).toBeGreaterThanOrEqual(20_000);
  expect(figures.answered).toBeGreaterThan(50);
  expect(figures.connections).toBeGreaterThan(50);
});
