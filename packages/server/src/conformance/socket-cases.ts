import assert from "node:assert/strict";
import type { SocketRecord } from "../ports/socket-store.ts";
import { mainRealm } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import type { Case } from "./run-cases.ts";

function recordOf(socketId: string, part: Partial<SocketRecord> = {}): SocketRecord {
  return {
    socketId,
    userId: "u1",
    currentRegionId: null,
    lastLocation: null,
    connectedAt: "2026-01-24T10:30:00.000Z",
    lastActivityAt: "2026-01-24T10:30:00.000Z",
    userAgent: "mobile-app/1.0",
    ...part,
  };
}

/** What the contract of `SocketStore` says. */
export const socketCases: readonly Case[] = [
  [
    "a record is read back whole, and written over whole",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      const first = recordOf("s1", {
        currentRegionId: "ttngkc",
        lastLocation: { latitude: 28.7037, longitude: -77.2079 },
      });
      await socketStore.put([first]);
      assert.deepEqual(await socketStore.get("s1"), first);
      const second = recordOf("s1", { lastActivityAt: "2026-01-24T10:45:23.000Z" });
      await socketStore.put([second]);
      assert.deepEqual(await socketStore.get("s1"), second);
      assert.equal(await socketStore.get("s2"), undefined);
    },
  ],
  [
    "a user's sockets are listed, the longest connected first; those of nobody are not",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      const old = recordOf("s2", { connectedAt: "2026-01-24T09:00:00.000Z" });
      const other = recordOf("s3", { userId: "u2" });
      const nobody = recordOf("s4", { userId: null });
      await socketStore.put([recordOf("s1"), old, other, nobody]);
      assert.deepEqual(await socketStore.of("u1"), [old, recordOf("s1")]);
      assert.deepEqual(await socketStore.of("u2"), [other]);
      assert.deepEqual(await socketStore.of("u3"), []);
      assert.deepEqual(await socketStore.get("s4"), nobody);
    },
  ],
  [
    "a removed socket is gone from everywhere, and removing it again is accepted",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      await socketStore.put([recordOf("s1"), recordOf("s2")]);
      await socketStore.beat([{ socketId: "s1", at: "2026-01-24T10:31:00.000Z" }]);
      const gone = [recordOf("s1"), recordOf("never")];
      await socketStore.remove(gone);
      await socketStore.remove(gone);
      assert.equal(await socketStore.get("s1"), undefined);
      assert.equal(await socketStore.heartbeat("s1"), undefined);
      assert.deepEqual(await socketStore.of("u1"), [recordOf("s2")]);
    },
  ],
  [
    "the last heartbeat of a socket is told",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      await socketStore.beat([
        { socketId: "s1", at: "2026-01-24T10:31:00.000Z" },
        { socketId: "s2", at: "2026-01-24T10:32:00.000Z" },
      ]);
      await socketStore.beat([{ socketId: "s1", at: "2026-01-24T10:33:00.000Z" }]);
      assert.deepEqual(
        [
          await socketStore.heartbeat("s1"),
          await socketStore.heartbeat("s2"),
          await socketStore.heartbeat("s3"),
        ],
        ["2026-01-24T10:33:00.000Z", "2026-01-24T10:32:00.000Z", undefined],
      );
    },
  ],
  [
    "ids with braces, spaces and percent signs are ids like others",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      const ids = ["{s}", "s 1", "s%7B", "s}"];
      await socketStore.put(ids.map((id) => recordOf(id, { userId: `{${id}` })));
      for (const id of ids) {
        assert.equal((await socketStore.get(id))?.socketId, id);
        assert.deepEqual(
          (await socketStore.of(`{${id}`)).map(({ socketId }) => socketId),
          [id],
        );
      }
    },
  ],
  [
    "realms do not see each other's sockets",
    async (ground) => {
      await ground.realm("one").socketStore.put([recordOf("s1")]);
      assert.equal(await ground.realm("two").socketStore.get("s1"), undefined);
      assert.deepEqual(await ground.realm("two").socketStore.of("u1"), []);
    },
  ],
  [
    "socket calls on their way when the ground closes end, and later ones reject with LIVE_CLOSED",
    async (ground) => {
      const { socketStore } = mainRealm(ground);
      await afterClosing(ground, {
        put: () => socketStore.put([recordOf("s1")]),
        remove: () => socketStore.remove([recordOf("s1")]),
        beat: () => socketStore.beat([{ socketId: "s1", at: "now" }]),
        get: () => socketStore.get("s1"),
        heartbeat: () => socketStore.heartbeat("s1"),
        of: () => socketStore.of("u1"),
      });
    },
  ],
];
