import { startNode } from "example-kit/application";
import type { ApplicationNode, DemoPerson } from "example-kit/application";
import type { RunningServer } from "example-kit/run-server";
import type { Settings } from "example-kit/settings";
import { visit } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { openWindow } from "./browser.ts";
import type { Window } from "./browser.ts";

/** What tests do with an application's demonstration. */
export interface Demo<S extends Settings> {
  /** Starts one node in this process, on nothing but memory unless told otherwise. */
  startHere(settings?: Partial<S>): Promise<RunningServer>;
  /** Signs one of the demonstration's people in, by their id. */
  visit(url: string, personId: string): Promise<Visitor>;
  /** Opens a window of its own, with cookies of its own, and signs one of the demonstration's people in. */
  openWindow(
    browser: Browser,
    where: { readonly url: string; readonly personId: string },
    options?: BrowserContextOptions,
  ): Promise<Window>;
}

const NOTHING = {
  port: 0,
  redisUrl: undefined,
  databaseUrl: undefined,
  dataDir: "memory://",
  secret: undefined,
} satisfies Settings;

/** The demonstration of an application, with the people whom its database knows. */
export function demoOf<S extends Settings>(
  application: { open(settings: S): Promise<ApplicationNode> },
  people: readonly DemoPerson[],
): Demo<S> {
  function personOf(id: string): DemoPerson {
    const person = people.find((one) => one.id === id);
    if (!person) throw new Error(`The demonstration knows nobody called "${id}".`);
    return person;
  }
  return {
    startHere: (settings) => startNode(application, { ...NOTHING, ...settings } as S),
    visit: (url, personId) => visit(url, personOf(personId)),
    openWindow: (browser, { url, personId }, options) =>
      openWindow(browser, { url, name: personOf(personId).name }, options),
  };
}
