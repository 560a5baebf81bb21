import { serveNode } from "../dist/node-process.js";

if (process.argv[2] === "die") process.exit(7);

serveNode({
  echo: (...args) => args,
  surroundings: () => ({ args: process.argv.slice(2), colour: process.env.COLOUR }),
  fail: (message) => Promise.reject(new Error(message)),
  hang: () => new Promise(() => undefined),
  complain: (message) => new Promise((resolve) => process.stderr.write(message, () => resolve(true))),
  close: () => undefined,
});
