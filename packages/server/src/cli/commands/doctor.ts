import type { CliParts } from "../cli-parts.ts";

export async function run(_parts: CliParts): Promise<number> {
  return 0;
}
