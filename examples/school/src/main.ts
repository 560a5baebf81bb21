import { startNode } from "example-kit/application";
import { runServer } from "example-kit/run-server";
import { application } from "./application.ts";
import { readSettings } from "./settings.ts";

runServer(async () => startNode(application, readSettings(process.env)));
