// What `npm run build` has built.
import express from "express";
import { startServer } from "./dist/server.js";

await startServer(express.static("dist-web"));
