// Apart from the rest, because only pages with routes that push differences load it.
export { applyPatch } from "@livecache/wire";
