import { expect, onTestFinished, test, vi } from "vitest";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { joinAs } from "../live/member.ts";

const contract = defineContract({ channels: { "rows/:row": { events: {}, presence: true } } });

/** A ground that loses what was said of users, as one does that is set back, and keeps the leases under which it was said. */
function forgetful(ground: Ground) {
  const realm = ground.realm("main");
  const said: string[] = [];
  let forgets = true;
  const { write } = realm.presenceStore;
  const presenceStore: typeof realm.presenceStore = {
    ...realm.presenceStore,
    async write(input) {
      said.push(input.channel);
      return forgets ? true : write(input);
    },
  };
  const lose = async (): Promise<void> => {
    forgets = false;
    const { epoch } = await realm.changeLog.position();
    await realm.changeLog.renewEpoch(epoch);
  };
  return { ground: { ...ground, realm: () => ({ ...realm, presenceStore }) }, lose, said };
}

test("G12: who is there is said again in a new epoch, although the lease has outlived the loss", async () => {
  const { ground, lose, said } = forgetful(createMemoryGround());
  const live = createLive({
    ...{ ground, contract, secret: "s".repeat(32) },
    authorize: { "rows/:row": () => true },
    identify: ({ auth }) => auth?.["user"] as { userId: string } | undefined,
  });
  onTestFinished(live.close);
  await joinAs(live, { channel: "rows/1" });
  const { presenceStore } = ground.realm();
  const users = async () => (await presenceStore.page("rows/1", { limit: 10 })).users;
  await vi.waitUntil(() => said.includes("rows/1"));
  expect(await users()).toEqual([]);
  await lose();
  await vi.waitUntil(async () => (await users()).length === 1, { timeout: 5_000 });
  expect(await users()).toMatchObject([{ userId: "u" }]);
});
