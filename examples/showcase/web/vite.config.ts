import { pagesConfig } from "example-kit/vite-pages.mjs";

export default pagesConfig(new URL(".", import.meta.url));
