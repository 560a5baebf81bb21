import { posix } from "node:path";

/**
 * Finds links between pages that lead nowhere.
 * @param {ReadonlyMap<string, string>} pages text by path
 * @param {(path: string) => boolean} exists whether there is such a file or folder
 * @returns {string[]} one sentence for each
 */
export function deadLinks(pages, exists) {
  const anchors = new Map([...pages].map(([path, text]) => [path, anchorsOf(text)]));
  return [...pages].flatMap(([path, text]) =>
    linksOf(text).flatMap(({ href, line }) => {
      const [target, anchor] = href.split("#");
      const to = target === "" ? path : posix.join(posix.dirname(path), target);
      if (!pages.has(to) && !exists(to)) return [`${path}:${line}: ${href} leads nowhere.`];
      const known = anchors.get(to);
      return anchor === undefined || !known || known.has(anchor)
        ? []
        : [`${path}:${line}: ${to} has no heading #${anchor}.`];
    }),
  );
}

/** Links that stay in the repository. */
function linksOf(text) {
  const found = [];
  for (const [index, line] of withoutCode(text).split("\n").entries()) {
    for (const [, href] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (!/^[a-z]+:|^\//.test(href)) found.push({ href, line: index + 1 });
    }
  }
  return found;
}

/** Headings as GitHub and the site name them; where the two differ both are good. */
function anchorsOf(text) {
  const titles = [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) =>
    title.replaceAll(/[`*]|\]\([^)]*\)|\[/g, "").trim(),
  );
  return new Set(titles.flatMap((title) => [slugOfGitHub(title), slugOfSite(title)]));
}

function slugOfGitHub(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

function slugOfSite(title) {
  return title
    .toLowerCase()
    .replaceAll(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

/** Lines of code stay lines, but say nothing. */
function withoutCode(text) {
  return text
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, (block) => block.replaceAll(/[^\n]/g, ""))
    .replaceAll(/`[^`\n]*`(?!\])/g, (code) => (code.includes("](") ? "" : code));
}
