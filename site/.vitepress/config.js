import { config } from "../src/config.mjs";

// VitePress looks for its settings here, and takes a default export.
// oxlint-disable-next-line import/no-default-export
export default config;
