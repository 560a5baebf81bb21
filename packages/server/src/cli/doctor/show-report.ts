import type { Printer } from "../terminal/printer.ts";
import { counted } from "../terminal/words.ts";
import type { Finding, Level } from "./finding.ts";

/** Settings in effect, by what they are of. */
export type Settings = Record<string, Readonly<Record<string, string | number | boolean>>>;

/** Prints what was found, the worst first, and the settings in effect. */
export function showReport(
  { findings, settings }: { readonly findings: readonly Finding[]; readonly settings: Settings },
  printer: Printer,
): void {
  const { bold, dim, green, red, yellow, cyan, safe } = printer;
  const signs: Readonly<Record<Level, string>> = {
    problem: red("✗"),
    warning: yellow("!"),
    note: cyan("i"),
    skipped: dim("–"),
    ok: green("✓"),
  };
  const isBad = ({ level }: Finding): boolean => level !== "ok" && level !== "skipped";
  for (const same of alike(findings.filter(isBad))) {
    const [{ code, level, what, why = "", fix = "" }] = same as [Finding];
    printer.line(`${signs[level]} ${bold(code)}`);
    for (const line of wrap(safe(what), printer.width)) printer.line(`    ${line}`);
    for (const line of [...labelled("why", safe(why), printer), ...labelled("fix", safe(fix), printer)])
      printer.line(line);
    const places = same.flatMap(({ where }) => (where === undefined ? [] : [where]));
    for (const place of places.slice(0, MOST_PLACES)) printer.line(`    ${dim("at")}   ${safe(place)}`);
    if (places.length > MOST_PLACES)
      printer.line(`    ${dim(`     and ${places.length - MOST_PLACES} more places`)}`);
    printer.line();
  }
  printer.table(
    [{ title: "" }, { title: "" }, { title: "", shrinks: true }],
    findings
      .filter((one) => !isBad(one))
      .map(({ code, level, what }) => [
        { text: level === "ok" ? "✓" : "–", paint: level === "ok" ? green : dim },
        { text: code, paint: dim },
        { text: level === "ok" ? what : `not looked at: ${what}`, paint: dim },
      ]),
  );
  printer.title("Settings in effect");
  for (const [of, values] of Object.entries(settings)) {
    if (Object.keys(values).length === 0) continue;
    printer.line(`  ${bold(safe(of))}`);
    printer.table(
      [{ title: "" }, { title: "" }, { title: "", shrinks: true }],
      Object.entries(values).map(([name, value]) => ["  ", { text: name, paint: dim }, String(value)]),
    );
  }
  printer.line();
  printer.line(sentence(findings, printer));
}

const MOST_PLACES = 8;

/** Findings that differ in their place only, together. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.what}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function sentence(findings: readonly Finding[], { bold, green, red, yellow }: Printer): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  const rest = `${counted(count("note"), "note")}, ${counted(count("ok"), "check")} passed, ${count("skipped")} skipped`;
  if (problems > 0)
    return `${red("✗")} ${bold(counted(problems, "problem"))}, ${counted(warnings, "warning")}, ${rest}.`;
  if (warnings > 0) return `${yellow("!")} ${bold("No problem")}, ${counted(warnings, "warning")}, ${rest}.`;
  return `${green("✓")} ${bold("Nothing is wrong")}: ${rest}.`;
}

function labelled(label: string, text: string, { dim, width }: Printer): string[] {
  return wrap(text, width, 9).map(
    (line, index) => `    ${dim(index === 0 ? label.padEnd(4) : "    ")} ${line}`,
  );
}

/** Breaks a text between words, so that lines with so much before them fit the screen. */
function wrap(text: string, width: number | undefined, before = 4): string[] {
  const most = Math.max(30, Math.min(width ?? 110, 110) - before);
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (lines[last]!.length + word.length + 1 > most && lines[last] !== "") lines.push(word);
    else lines[last] = lines[last] === "" ? word : `${lines[last]} ${word}`;
  }
  return lines;
}
