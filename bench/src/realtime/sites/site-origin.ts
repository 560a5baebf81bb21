/** What `GET /item` is loaded from, and how often it was. */
export interface SiteOrigin {
  readonly load: () => Promise<{ readonly version: string; readonly lines: readonly string[] }>;
  readonly loads: () => number;
}

const LINES = Array.from({ length: 40 }, (_, line) => `line ${line} of an item that many people look at`);

/** Makes an origin that takes its time. Every load answers another version. */
export function createSiteOrigin(loadMs: number): SiteOrigin {
  let loads = 0;
  return {
    async load() {
      loads++;
      await new Promise((resolve) => setTimeout(resolve, loadMs));
      return { version: `${process.pid}-${loads}`, lines: LINES };
    },
    loads: () => loads,
  };
}
