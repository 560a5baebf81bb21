/**
 * @typedef {object} DocsPage
 * @property {string} path below `docs/`, without `.md`
 * @property {string} text
 */

/** The parts of the documentation in the order in which they help, by folder; `""` is what lies in `docs/` itself. */
const PARTS = [
  ["tutorial", "Tutorial"],
  ["how-to", "How to"],
  ["concepts", "Concepts"],
  ["reference", "Reference"],
  ["failures", "Failure book"],
  ["decisions", "Optional: decisions"],
  ["", "Optional: figures"],
];

/** Pages that are made of code, and too long to be read as a whole. */
const API = "reference/api/";

/**
 * `llms.txt`: what there is, with a line about each page.
 * @param {string} summary
 * @param {readonly DocsPage[]} pages
 */
export function shortText(summary, pages) {
  const parts = PARTS.map(([folder, title]) => {
    const own = pagesIn(folder, pages).map(
      (page) => `- [${titleOf(page)}](/${page.path}.md): ${firstSentence(page)}`,
    );
    return own.length === 0 ? "" : `## ${title}\n\n${own.join("\n")}\n`;
  });
  const rest =
    "The text of all pages but the decisions and the reference made of code: [llms-full.txt](/llms-full.txt)\n";
  return `# Livecache\n\n> ${summary}\n\n${rest}\n${parts.filter(Boolean).join("\n")}`;
}

/**
 * `llms-full.txt`: the pages themselves.
 * @param {string} summary
 * @param {readonly DocsPage[]} pages
 */
export function fullText(summary, pages) {
  const shown = PARTS.filter(([, title]) => !title.startsWith("Optional")).flatMap(([folder]) =>
    pagesIn(folder, pages),
  );
  const texts = shown
    .filter(({ path }) => !path.startsWith(API))
    .map(({ path, text }) => `<!-- docs/${path}.md -->\n${text.trim()}\n`);
  return [`# Livecache\n\n> ${summary}\n`, ...texts].join("\n");
}

function pagesIn(folder, pages) {
  if (folder === "") return pages.filter(({ path }) => !path.includes("/") && path !== "index");
  return pages.filter(({ path }) => path.startsWith(`${folder}/`));
}

function titleOf({ path, text }) {
  return (/^# (.+)$/m.exec(text)?.[1] ?? path).replaceAll("`", "");
}

/** The first sentence of a page, on one line and without links. */
function firstSentence({ text }) {
  const paragraphs = text.replace(/^---\n[\s\S]*?\n---\n/, "").split(/\n{2,}/);
  const first = paragraphs.find((paragraph) => /^(?!```)[A-Za-z"`*]/.test(paragraph.trim())) ?? "";
  const line = first
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
  const [sentence = line] = /^.*?[.:](?= |$)/.exec(line) ?? [];
  return sentence.replace(/:$/, ".");
}
