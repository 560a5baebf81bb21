import { runServer } from "example-kit/run-server";
import { openServer } from "./server.ts";
import { readSettings } from "./settings.ts";

runServer(async () => openServer(readSettings(process.env)));
