import type { Play, Stage } from "../stage.ts";

/** Notifications of one user, told by several nodes. */
export function playNotes(stage: Stage): Play {
  const { site } = stage;
  const userId = stage.name("n");
  /** Ids that were told, or are to be. */
  const told: string[] = [];

  async function notify(): Promise<void> {
    const node = stage.node();
    const { id, pending } = await node.live.notify(userId, "told", { text: "x" });
    stage.count(pending ? "notify pending" : "notify");
    if (pending) stage.waiting.add(node);
    told.push(id);
    const { items } = await node.live.notifications.list(userId);
    const isMissing = !pending && !items.some((item) => item.id === id);
    if (isMissing && !stage.lost.isLost) stage.report("a notification is lost", { id });
  }

  return {
    acts: [notify, notify, notify],
    async unsettled() {
      // What a ground refuses for good while it waits is given up, aloud.
      const isGivenUp = site.warnings.some((warning) => warning.includes("given up"));
      if (stage.lost.isLost || isGivenUp || told.length === 0) return undefined;
      const { items, unread } = await site.nodes[0]!.live.notifications.list(userId);
      const ids = items.map(({ id }) => id);
      if (new Set(ids).size !== ids.length) return `a notification is there twice: ${ids.join(" ")}`;
      if (unread !== ids.length) return `${unread} unread of ${ids.length}`;
      const missing = told.find((id) => !ids.includes(id));
      return missing && `${missing} is not there`;
    },
    end: () => undefined,
  };
}
