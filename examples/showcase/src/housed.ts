import type { Application, DemoPerson } from "example-kit/application";
import type { Exhibit } from "./exhibits.ts";
import { seatOf } from "./front/hosts.ts";
import type { Target } from "./front/target.ts";

/** An application that runs, wherever it runs. */
export interface Running {
  readonly application: Application;
  /** The port of its own. */
  readonly port: number;
  /** Where this process reaches it: `http://localhost:<port>`. */
  readonly url: string;
  readonly target: Target;
  /** The operations console of the application. */
  readonly console: Target;
}

/** An exhibit, and what became of it. */
export type Housed =
  | { readonly exhibit: Exhibit; readonly running: Running }
  | { readonly exhibit: Exhibit; readonly running?: undefined; readonly failure: string };

/** The person who sits there; `undefined` for a seat that there is not. */
export function personAt(application: Application, seat: string): DemoPerson | undefined {
  return application.people.find((person) => seatOf(person) === seat);
}

/** What went wrong, in one line that may be shown. */
export function failureOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
