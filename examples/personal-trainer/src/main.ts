import { startNode } from "example-kit/application";
import { runServer } from "example-kit/run-server";
import { readSettings } from "example-kit/settings";
import { application } from "./application.ts";

runServer(async () =>
  startNode(application, readSettings(process.env, new URL("../.data", import.meta.url))),
);
