import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const web = new URL(".", import.meta.url);

export default defineConfig({
  root: fileURLToPath(web),
  // Relative: the pages work below any path.
  base: "./",
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../dist-web", web)),
    emptyOutDir: true,
    // Everything stays a file of its own: the content policy allows no inlined script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": process.env["API_URL"] ?? "http://localhost:3000/livecache" } },
});
