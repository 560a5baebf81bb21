import type { Screen } from "./screen.ts";

/** Colours a text. */
export type Paint = (text: string) => string;

/** The colours there are. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Says whether colours are shown: FORCE_COLOR and NO_COLOR decide, then whether it is a terminal that knows them. */
export function hasColours(screen: Screen, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"]) return false;
  return screen.isTTY === true && env["TERM"] !== "dumb";
}

/** Makes the colours, or such as leave every text as it is. */
export function createPalette(isOn: boolean): Palette {
  const paint =
    ([on, off]: readonly number[]): Paint =>
    (text) =>
      isOn && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: paint(CODES.bold),
    dim: paint(CODES.dim),
    red: paint(CODES.red),
    green: paint(CODES.green),
    yellow: paint(CODES.yellow),
    cyan: paint(CODES.cyan),
  };
}

/** A text that came from elsewhere, without what would move the cursor or change colours. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    if (sign === "\n" || sign === "\t") return " ";
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
