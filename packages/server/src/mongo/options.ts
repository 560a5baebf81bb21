import type { Db } from "mongodb";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { PoisonPolicy } from "../change/take-over.ts";
import { checkCollections } from "./collection-tags.ts";
import type { CollectionTags } from "./collection-tags.ts";

/** What of the driver is used. */
type WatchableDb = Pick<Db, "watch" | "client">;

/** Options of `openMongoChanges`. */
export interface MongoChangesOptions {
  /** A database of a `MongoClient` of the official driver, which stays the application's: it is not closed here. */
  readonly db: WatchableDb;
  /** What a change of a document makes untrue, by collection. Other collections are of no interest. */
  readonly collections: Readonly<Record<string, CollectionTags>>;
  /** Under which name the log remembers how far the stream was taken over: 1 to 64 letters, digits, `_` and `-`. Default `"mongo"`. */
  readonly name?: string;
  /**
   * What updates carry. `"updateLookup"`, the default: the document as it is when it is read. `"whenAvailable"`: as it was right after
   * the change, where the collection keeps images, otherwise nothing.
   */
  readonly fullDocument?: "updateLookup" | "whenAvailable";
  /** `"whenAvailable"`: `before` is given, where the collection keeps images (`changeStreamPreAndPostImages`). Default `"off"`. */
  readonly fullDocumentBeforeChange?: "off" | "whenAvailable";
  /** What is done about a document of which no tags can be made. Default `"skip"`. */
  readonly poison?: PoisonPolicy;
  /** How long a process that stands by lets a change lie that the working one does not hand over. Default 2 s. */
  readonly takeOverAfter?: Duration;
  /** How long MongoDB may take to answer. Default 5 s. */
  readonly deadline?: Duration;
}

/** The same, resolved. */
export interface MongoOptions extends Pick<MongoChangesOptions, "db" | "collections" | "poison"> {
  readonly name: string;
  readonly fullDocument: "updateLookup" | "whenAvailable";
  readonly fullDocumentBeforeChange: "off" | "whenAvailable";
  readonly takeOverMs: number;
  readonly deadlineMs: number;
}

const KNOWN = [
  ...["db", "collections", "name", "fullDocument", "fullDocumentBeforeChange"],
  ...["poison", "takeOverAfter", "deadline"],
];

/**
 * Reads the options.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function readMongoOptions(options: MongoChangesOptions): MongoOptions {
  refuseUnknown("openMongoChanges", options, KNOWN);
  const { db, collections, name = "mongo", poison } = options;
  const { fullDocument = "updateLookup", fullDocumentBeforeChange = "off" } = options;
  if (typeof (db as Partial<WatchableDb> | undefined)?.watch !== "function") {
    throw invalidOption("openMongoChanges: db", 'a database of the driver, such as client.db("shop")', db);
  }
  checkCollections(collections);
  // With "required" one missing image would end the stream for good.
  checkOneOf("fullDocument", fullDocument, ["updateLookup", "whenAvailable"]);
  checkOneOf("fullDocumentBeforeChange", fullDocumentBeforeChange, ["off", "whenAvailable"]);
  return {
    ...{ db, collections, name, poison, fullDocument, fullDocumentBeforeChange },
    takeOverMs: durationMs("openMongoChanges: takeOverAfter", options.takeOverAfter ?? "2s"),
    deadlineMs: durationMs("openMongoChanges: deadline", options.deadline ?? "5s"),
  };
}

function checkOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  throw invalidOption(`openMongoChanges: ${option}`, allowed.map((one) => `"${one}"`).join(" or "), value);
}
