import type { Server } from "node:http";
import type { Application, ApplicationNode } from "example-kit/application";
import type { Settings } from "example-kit/settings";
import { createConsoleServer } from "./console-server.ts";
import type { Exhibit } from "./exhibits.ts";
import { failureOf } from "./housed.ts";

/** One application on this node, or why it is not there. */
export type OpenedApplication =
  | {
      readonly exhibit: Exhibit;
      readonly application: Application;
      readonly node: ApplicationNode;
      /** Answers below `/console/<name>`; whoever opened the node lets it listen, or not. */
      readonly console: Server;
    }
  | { readonly exhibit: Exhibit; readonly node?: undefined; readonly failure: string };

/** Opens a node of each application. What fails is told by its `failure`, and keeps no other from running. */
export function openApplications(
  exhibits: readonly Exhibit[],
  settingsOf: (name: string) => Promise<Settings>,
): Promise<OpenedApplication[]> {
  return Promise.all(
    exhibits.map(async (exhibit): Promise<OpenedApplication> => {
      try {
        const application = await exhibit.load();
        const node = await application.open(await settingsOf(exhibit.name));
        return {
          exhibit,
          application,
          node,
          console: createConsoleServer(node.live, exhibit, exhibits),
        };
      } catch (error) {
        return { exhibit, failure: failureOf(error) };
      }
    }),
  );
}

/** Closes every node. */
export async function closeApplications(opened: readonly OpenedApplication[]): Promise<void> {
  await Promise.all(opened.map(({ node }) => node?.close()));
}
