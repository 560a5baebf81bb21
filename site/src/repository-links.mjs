/**
 * Pages link to files of the repository (`../../examples/sign-in`), which the site does not have: there the name of the file is shown. Everything
 * else that leads nowhere fails the build.
 * @param {import("markdown-it").default} markdown
 */
export function repositoryLinks(markdown) {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    const depth = String(env.relativePath ?? "").split("/").length - 1;
    for (const { children } of tokens) if (children) unlink(children, depth);
  });
}

function unlink(tokens, depth) {
  let isOutside = false;
  for (const token of tokens) {
    if (token.type === "link_open") isOutside = leavesDocs(token.attrGet("href") ?? "", depth);
    if (!isOutside || (token.type !== "link_open" && token.type !== "link_close")) continue;
    token.tag = "span";
    token.attrs = token.type === "link_open" ? [["class", "in-repository"]] : null;
  }
}

function leavesDocs(href, depth) {
  const [ups = ""] = /^(?:\.\.\/)+/.exec(href) ?? [];
  return ups.length / 3 > depth;
}
