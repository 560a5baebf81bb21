import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const CHAPTER = new URL("../../../../docs/tutorial/", import.meta.url);
const STEP =
  /<!-- (?:file: (?<file>\S+)|in (?<inFile>\S+), (?<where>instead of|before): (?<line>.*?)) -->\n```\w+\n(?<code>[\s\S]*?)```/g;

/** Does in `folder` what a chapter of the tutorial tells its readers to do. Throws when a line that it speaks of is not there. */
export async function followChapter(folder: string, chapter: string): Promise<number> {
  const page = await readFile(new URL(`${chapter}.md`, CHAPTER), "utf8");
  const steps = [...page.matchAll(STEP)];
  for (const { groups } of steps) {
    const { file, inFile = "", where, line = "", code = "" } = groups!;
    const path = join(folder, file ?? inFile);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file ? code : edited(await readFile(path, "utf8"), { where, line, code }));
  }
  return steps.length;
}

function edited(
  text: string,
  { where, line, code }: Record<"where" | "line" | "code", string | undefined>,
): string {
  const whole = `${line!}\n`;
  if (text.split(whole).length !== 2)
    throw new Error(`The tutorial speaks of a line that is not there once: ${line}`);
  return text.replace(whole, () => (where === "before" ? code! + whole : code!));
}
