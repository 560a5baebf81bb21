import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { FRAMEWORKS, startSchool, tokenFor } from "./identity-site.ts";
import type { Node, School } from "./identity-site.ts";

/** What `live.change({ identity })` reaches. */
export function roleCases(open: () => Promise<School>): void {
  test.each(FRAMEWORKS)(
    "%s: another role is seen at once: private responses, those by role, the lane, on both nodes",
    async (framework) => {
      const school = await open();
      const nodes = [await startSchool(school, framework), await startSchool(school, framework)];
      const [ana, ben] = [await tokenFor("ana"), await tokenFor("ben")];
      for (const node of nodes) {
        await settle(node, ["/home", "/board"], ana);
        await settle(node, ["/home"], ben);
      }
      const before = nodes.map(({ lane }) => lane.figures().answered);
      expect(before.every((answered) => answered > 0)).toBe(true);
      const bens = (await nodes[1]!.ask("/home", ben)).body;
      school.roles.set("ana", "teacher");
      await nodes[0]!.live.change({ identity: "ana" });
      for (const node of nodes) {
        const home = await homeFor(node, ana, "teacher");
        expect(home).toMatchObject({ userId: "ana", role: "teacher" });
        expect((await node.ask("/board", ana)).body.role).toBe("teacher");
      }
      // Nobody else's response was made anew.
      expect((await nodes[1]!.ask("/home", ben)).body).toEqual(bens);
    },
  );

  test("a live query of a private response is told on the other node, and one of somebody else is not", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school)];
    const [ana, ben] = [await tokenFor("ana"), await tokenFor("ben")];
    const watchers = await Promise.all(
      [ana, ben].map(async (token) => {
        const query = (await nodes[1]!.ask("/home", token)).headers.get("live-query")!;
        const visitor = await nodes[1]!.connect(token);
        const reply = await visitor.socket.timeout(5_000).emitWithAck("watch", { token: query });
        expect(reply.ok).toBe(true);
        return visitor;
      }),
    );
    await nodes[0]!.live.change({ identity: "ana" });
    await until(() => watchers[0]!.got.length > 0, { what: "ana's screen is told", withinMs: 5_000 });
    expect(watchers[1]!.got).toEqual([]);
  });
}

/** Waits until a response is made for the role. */
async function homeFor(node: Node, token: string, wanted: string): Promise<any> {
  return until(
    async () => {
      const { body } = await node.ask("/home", token);
      return body.role === wanted ? body : undefined;
    },
    { what: "the response is new", withinMs: 5_000 },
  );
}

async function settle(node: Node, paths: readonly string[], token: string): Promise<void> {
  for (const path of paths)
    for (let time = 0; time < 4; time++) expect((await node.ask(path, token)).status).toBe(200);
}
