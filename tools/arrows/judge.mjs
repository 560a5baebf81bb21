import { isBuiltin } from "node:module";
import { isTest, resolve, workspaceOf } from "../source/project.mjs";
import { roomFinder } from "./rooms.mjs";

/** Files that set tools up: they may use whatever is declared, like a test. */
const CONFIG = /(^|\/)[a-z]+\.config\.ts$/;

/**
 * Judges every import of a project against the table.
 * @param {import("../source/project.mjs").Project} project
 * @param {{ rooms: readonly import("./table.mjs").Room[], hosts: Readonly<Record<string, readonly string[]>> }} table
 * @returns {string[]} one sentence for each import that breaks a rule, naming file, arrow and rule
 */
export function judgeImports(project, { rooms, hosts }) {
  const roomOf = roomFinder(rooms);
  const problems = [];
  for (const { path, imports } of project.files.values()) {
    const free = isTest(path) || CONFIG.test(path);
    const room = roomOf(path);
    if (!free && !room) {
      problems.push(`${path}: lies in no room. Rule: every folder has a row in tools/arrows/table.mjs.`);
      continue;
    }
    const home = workspaceOf(project, path);
    for (const item of imports) {
      const arrow = { path, item, home, room, free, roomOf, hosts, project };
      const broken = item.specifier === undefined ? NAMELESS : judge(arrow, item.specifier);
      if (broken) problems.push(`${path}:${item.line} imports ${quoted(item.specifier)}: ${broken}`);
    }
  }
  return problems;
}

const NAMELESS = "Rule: import() names its module in a plain string, so that the arrow can be seen.";

function judge(arrow, specifier) {
  const { project, path, home, free } = arrow;
  const target = resolve(project, path, specifier);
  if (specifier.startsWith(".")) {
    if (workspaceOf(project, target) !== home) {
      return `leaves ${home.folder || "the root"}. Rule: another package is imported by its public name.`;
    }
    if (!free && isTest(target)) return "Rule: sources never import tests.";
    return free ? undefined : judgeRoom(arrow, target, false);
  }
  const owner = project.workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!owner) return judgeOutside(arrow, specifier);
  if (!target) return `Rule: no deep imports; "exports" of ${owner.name} does not name this path.`;
  return free ? undefined : judgeRoom(arrow, target, owner !== home);
}

function judgeRoom({ room, roomOf, item }, target, byPublicName) {
  const other = roomOf(target);
  if (!other) return `${target} lies in no room. Rule: every folder has a row in tools/arrows/table.mjs.`;
  if (other === room || room.may.includes(other.name)) return undefined;
  if (byPublicName && room.may.includes("public")) return undefined;
  const text = `arrow ${room.name} -> ${other.name}.`;
  if (!room.types?.includes(other.name)) {
    return `${text} Rule: ${room.name} may import ${[...room.may, ...(room.types ?? [])].join(", ") || "nothing"}.`;
  }
  if (item.typeOnly) return undefined;
  return `${text} Rule: ${room.name} takes only types from ${other.name} (import type).`;
}

function judgeOutside(arrow, specifier) {
  const { room, free, hosts } = arrow;
  if (isBuiltin(specifier)) {
    if (free || room.outside.includes("node")) return undefined;
    return `arrow ${room.name} -> Node. Rule: ${room.name} runs anywhere and uses no module of Node.`;
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (!isDeclared(arrow, name)) return `Rule: package.json of ${arrow.home.name} declares ${name}.`;
  if (free) return undefined;
  const text = `arrow ${room.name} -> ${name}.`;
  if (hosts[name] && !hosts[name].includes(room.name)) {
    return `${text} Rule: only ${hosts[name].join(" and ")} may import ${name}.`;
  }
  if (room.outside.includes(name) || room.outside.includes("declared")) return undefined;
  return `${text} Rule: ${room.name} may use ${room.outside.join(", ") || "nothing"} from outside.`;
}

function isDeclared({ project, home, free, room }, name) {
  if (home.runtime.has(name)) return true;
  const isBuiltIn = room?.outside.includes("bundled") === true;
  const forDevelopment = free || isBuiltIn || home.folder === "";
  return forDevelopment && (home.development.has(name) || project.workspaces.at(-1).development.has(name));
}

function quoted(specifier) {
  return specifier === undefined ? "something" : `"${specifier}"`;
}
