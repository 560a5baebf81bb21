import { isLiveError } from "livecache";
import type { Play, Stage } from "../stage.ts";

/** One session that is saved, read and ended, by several nodes. */
export function playSession(stage: Stage): Play {
  const { site, random } = stage;
  const id = stage.name("s-");
  const userId = stage.name("o");
  const life = { idleMs: 3_600_000 };
  let created: "no" | "asked" | "yes" = "no";
  /** When somebody began to end it, and when it was ended for all, or on one node. */
  let endingAtMs: number | undefined;
  let endedAtMs: number | undefined;
  const endedOn = new Map<string, number>();
  /** Whether an ending is repeated until it is done. */
  let isEnding = false;
  const saved: { readonly field: string; readonly atMs: number }[] = [];
  let fields = 0;

  async function create(): Promise<void> {
    if (created !== "no") return;
    created = "asked";
    const { state } = await stage.node().live.sessions.create(id, { ...life, userId });
    if (state === "created") created = "yes";
    stage.count(`session ${state}`);
  }

  async function save(): Promise<void> {
    const field = `f${fields++}`;
    const wasThere = created === "yes";
    const { state } = await stage.node().live.sessions.save(id, { base: 0, set: { [field]: true } });
    stage.count(`save ${state}`);
    if (state === "saved") saved.push({ field, atMs: stage.instant() });
    const isGone = state === "gone" && wasThere && endingAtMs === undefined;
    if (isGone && !stage.lost.isLost) stage.report("a session that nobody ended is gone", { field });
  }

  async function end(): Promise<void> {
    const node = stage.node();
    endingAtMs ??= stage.instant();
    // Whoever signs in after being signed out everywhere is signed in.
    const isAll = random.integer(3) === 0 && created === "yes";
    try {
      const { sessions } = node.live;
      await (isAll ? sessions.endAll(userId) : sessions.end(id));
      isEnding = true;
      endedAtMs ??= stage.instant();
      endedOn.set(node.name, stage.instant());
      stage.count("end");
    } catch (error) {
      if (!isLiveError(error)) throw error;
      if (error.details["isRepeated"] !== true) throw error;
      isEnding = true;
      endedOn.set(node.name, stage.instant());
      stage.count("end pending");
    }
  }

  async function read(): Promise<void> {
    const node = stage.node();
    const wasCreated = created === "yes";
    const beganAtMs = stage.instant();
    const session = await node.live.sessions.read(id);
    stage.count(session ? (session.isCopy ? "read copy" : "read session") : "read nothing");
    if (stage.lost.isLost) return;
    if (!session) {
      if (wasCreated && endingAtMs === undefined) stage.report("logged out", { node: node.name });
      return;
    }
    const here = endedOn.get(node.name);
    if (here !== undefined && here < beganAtMs) stage.report("answered after it was ended here", { session });
    if (session.isCopy) return;
    if (endedAtMs !== undefined && endedAtMs < beganAtMs) stage.report("answered after its end", { session });
    for (const { field, atMs } of saved) {
      if (atMs < beganAtMs && !(field in session.data)) stage.report("a save is lost", { field, session });
    }
  }

  return {
    acts: [create, create, save, read, read, end],
    async unsettled() {
      if (stage.lost.isLost) return undefined;
      for (const node of site.nodes) {
        const session = await node.live.sessions.read(id);
        if (session?.isCopy) return `${node.name} answers a copy`;
        if (isEnding && session) return `${node.name} answers a session that was ended`;
      }
      return undefined;
    },
    end: () => undefined,
  };
}
