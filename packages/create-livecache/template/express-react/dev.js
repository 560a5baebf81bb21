// The server and its pages in one process; pages are reloaded as you change them.
import { createServer } from "vite";

const vite = await createServer({ server: { middlewareMode: true }, appType: "spa" });
const { startServer } = await vite.ssrLoadModule("/server.ts");
await startServer(vite.middlewares);
