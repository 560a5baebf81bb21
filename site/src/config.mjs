import { cpSync } from "node:fs";
import { join } from "node:path";
import { repositoryLinks } from "./repository-links.mjs";
import { DOCS, sidebar } from "./sidebar.mjs";

/** Links to the way round: what the site has, in the order of need. */
const NAV = [
  { text: "Tutorial", link: "/tutorial/1-two-windows", activeMatch: "^/tutorial/" },
  { text: "How to", link: "/how-to/from-by-hand", activeMatch: "^/how-to/" },
  { text: "Concepts", link: "/concepts/tags-and-positions", activeMatch: "^/concepts/" },
  { text: "Reference", link: "/reference/client", activeMatch: "^/reference/" },
  { text: "Failure book", link: "/failures/", activeMatch: "^/failures/" },
  {
    text: "More",
    items: [
      { text: "Benchmarks", link: "/benchmarks" },
      { text: "Decisions", link: "/decisions/001-wire-below-base" },
      { text: "llms.txt", link: "/llms.txt", target: "_blank" },
      { text: "llms-full.txt", link: "/llms-full.txt", target: "_blank" },
    ],
  },
];

/** The site: everything from this repository, nothing from outside, also not fonts. */
export const config = {
  title: "Livecache",
  description: "One call after a write: caches forget it everywhere, and the right screens update.",
  lang: "en",
  srcDir: DOCS,
  outDir: "dist",
  cacheDir: "../node_modules/.cache/vitepress",
  cleanUrls: true,
  lastUpdated: false,
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: "/mark.svg" }],
    ["meta", { name: "theme-color", content: "#0f766e" }],
  ],
  markdown: { theme: { light: "github-light", dark: "github-dark" }, config: repositoryLinks },
  themeConfig: {
    logo: "/mark.svg",
    nav: NAV,
    sidebar: sidebar(),
    outline: { level: [2, 3], label: "On this page" },
    search: { provider: "local", options: { detailedView: true } },
    docFooter: { prev: "Before", next: "Next" },
    externalLinkIcon: true,
  },
  buildEnd({ outDir }) {
    cpSync(join(DOCS, "grafana"), join(outDir, "grafana"), { recursive: true });
  },
};
