import type { NodeLive } from "example-kit/application";

/** Tells whether a node has its ground, now and from then on. */
export function watchGround(
  live: Pick<NodeLive, "status" | "onStatus">,
  tell: (isHere: boolean) => void,
): void {
  tell(live.status().state === "here");
  live.onStatus(({ state }) => tell(state === "here"));
}
