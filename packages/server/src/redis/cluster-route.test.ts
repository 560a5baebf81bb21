import { LiveError } from "@livecache/wire";
import { ErrorReply } from "redis";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createRoute } from "./cluster-route.ts";
import type { Member } from "./cluster-route.ts";
import { toLiveError } from "./failure.ts";
import { isUnsettled, readRedirect } from "./redirect.ts";
import type { Redirect } from "./redirect.ts";
import type { SendOptions } from "./wire.ts";

const SLOT_OF_K = 7629;

/** Members that answer in turn what a test says, and what each of them was sent. */
function cluster(answers: Readonly<Record<string, readonly string[]>>) {
  const sent: string[] = [];
  const limits: (number | undefined)[] = [];
  const taken: Redirect[] = [];
  const left = new Map(Object.entries(answers).map(([place, texts]) => [place, [...texts]]));

  function member(place: string): Member {
    const send = async (args: readonly unknown[], options: SendOptions = {}): Promise<unknown> => {
      sent.push(`${place}${options.asking ? " asking" : ""} ${args.join(" ")}`);
      limits.push(options.limitMs);
      const text = left.get(place)?.shift() ?? "OK";
      if (text === "OK") return text;
      throw toLiveError(
        place,
        text === "silence" ? new LiveError("LIVE_GROUND_TIMEOUT", "none") : new ErrorReply(text),
        true,
      );
    };
    const ready = async (): Promise<void> => {
      if (place === "gone:1") await new Promise(() => undefined);
    };
    return { place, host: place.split(":")[0]!, commands: { send, link: { ready } } as never };
  }

  const route = createRoute({
    ...{ clock: systemClock, commandTimeoutMs: 60 },
    ownerOf(slot) {
      expect(slot).toBe(SLOT_OF_K);
      return member("a:1");
    },
    take(redirect) {
      taken.push(redirect);
      return member(redirect.place);
    },
  });
  return { sent, taken, limits, get: () => route(["GET", "k"]).catch((error: LiveError) => error) };
}

test("a command goes to the primary of its key, and nowhere else", async () => {
  const { sent, taken, get } = cluster({});
  expect([await get(), sent, taken]).toEqual(["OK", ["a:1 GET k"], []]);
});

test("MOVED is believed, and the command is sent there, in what is left of its time", async () => {
  const { sent, taken, limits, get } = cluster({ "a:1": [`MOVED ${SLOT_OF_K} b:2`] });
  expect(await get()).toBe("OK");
  expect(sent).toEqual(["a:1 GET k", "b:2 GET k"]);
  expect(taken).toEqual([{ kind: "moved", slot: SLOT_OF_K, place: "b:2" }]);
  expect(limits[0]).toBeUndefined();
  expect(limits[1]).toBeLessThanOrEqual(60);
});

test("ASK sends this command on, behind an ASKING; also to where MOVED led", async () => {
  const { sent, get } = cluster({ "a:1": [`MOVED ${SLOT_OF_K} b:2`], "b:2": [`ASK ${SLOT_OF_K} :3`] });
  expect(await get()).toBe("OK");
  expect(sent).toEqual(["a:1 GET k", "b:2 GET k", "b:3 asking GET k"]);
});

test("servers that send one in a circle are left, and the command may be tried again later", async () => {
  const moved = (to: string): readonly string[] =>
    Array.from({ length: 9 }, () => `MOVED ${SLOT_OF_K} ${to}`);
  const { sent, get } = cluster({ "a:1": moved("b:2"), "b:2": moved("a:1") });
  expect(await get()).toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  expect(sent).toHaveLength(4);
});

test.each([
  ["TRYAGAIN Multiple keys request during rehashing of slot", "LIVE_GROUND_AWAY"],
  ["CLUSTERDOWN The cluster is down", "LIVE_GROUND_AWAY"],
  ["CROSSSLOT Keys in request don't hash to the same slot", "LIVE_GROUND_REFUSED"],
  ["silence", "LIVE_GROUND_TIMEOUT"],
])("%s is not followed", async (text, code) => {
  const { sent, get } = cluster({ "a:1": [text] });
  expect(await get()).toMatchObject({ code });
  expect(sent).toHaveLength(1);
});

test("a server that cannot be connected to in time was sent nothing: away, not unknown", async () => {
  const { sent, get } = cluster({ "a:1": [`MOVED ${SLOT_OF_K} gone:1`] });
  expect(await get()).toMatchObject({ code: "LIVE_GROUND_AWAY" });
  expect(sent).toEqual(["a:1 GET k"]);
});

test("redirections are read from replies only, with hosts of all kinds", () => {
  const read = (text: string) => readRedirect(toLiveError("x", new ErrorReply(text)), "asked")?.place;
  expect(["MOVED 1 h:2", "MOVED 1 ::1:2", "MOVED 1 :2", "MOVED 1 ?:2", "MOVED x h:2"].map(read)).toEqual([
    ...["h:2", "[::1]:2", "asked:2", "asked:2", undefined],
  ]);
  expect(readRedirect(new Error("MOVED 1 h:2"), "asked")).toBeUndefined();
  expect(isUnsettled(toLiveError("x", new ErrorReply("TRYAGAIN later")))).toBe(true);
  expect(isUnsettled(toLiveError("x", new ErrorReply("OOM")))).toBe(false);
});
