import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["API_URL"] ?? "http://localhost:3000";

/**
 * How the pages of an example are built.
 * @param {URL} web the folder of its `index.html`
 */
export function pagesConfig(web) {
  return defineConfig({
    root: fileURLToPath(web),
    plugins: [react()],
    build: {
      outDir: fileURLToPath(new URL("../dist-web", web)),
      emptyOutDir: true,
      // Everything stays a file of its own: the server's content policy allows no inlined script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: { proxy: { "/api": server, "/socket.io": { target: server, ws: true } } },
  });
}
