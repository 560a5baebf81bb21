/** What is used of autocannon, which comes without types. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface Options {
    readonly url: string;
    readonly connections: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly duration: number;
    readonly pipelining?: number;
    /** Milliseconds between two samples; a run ends with one. */
    readonly sampleInt?: number;
  }
  interface Result {
    readonly "2xx": number;
    readonly non2xx: number;
    readonly errors: number;
    readonly timeouts: number;
  }
  interface Run extends EventEmitter, PromiseLike<Result> {}

  const autocannon: (options: Options) => Run;
  export = autocannon;
}
