import type { ChangeRecord, Ground, Realm } from "livecache";

/** Bugs of one node, planted between it and its ground, to prove that the checkers find them. */
export const PLANTS = {
  /** Follows the log, and takes no notice of the tags. */
  "ignores-changes": ofRecords((record) => ({ ...record, tags: [] })),
  /** Takes no notice of the log's revocations, and learns none when it compares what it knows with the ground. */
  "ignores-revocations": (ground: Ground) => learnsNoRevocations(ofRecords(withoutRevocations)(ground)),
  /** Says of changes that wait that they stand in the log. */
  "acknowledges-early": ofRealm((realm) => {
    const { changeLog } = realm;
    let count = 0;
    const append: typeof changeLog.append = (change) =>
      ++count % 20 === 0 ? changeLog.position() : changeLog.append(change);
    return { ...realm, changeLog: { ...changeLog, append } };
  }),
} satisfies Readonly<Record<string, (ground: Ground) => Ground>>;

/** The name of a bug: what it does wrong. */
export type Plant = keyof typeof PLANTS;

const learnsNoRevocations = ofRealm((realm) => ({
  ...realm,
  revocationStore: { ...realm.revocationStore, shard: async () => [] },
}));

function withoutRevocations(record: ChangeRecord): ChangeRecord {
  return { ...record, revoked: undefined };
}

function ofRealm(change: (realm: Realm) => Realm): (ground: Ground) => Ground {
  return (ground) => {
    const changed = new Map<string, Realm>();
    return {
      ...ground,
      realm(name) {
        const known = changed.get(name) ?? change(ground.realm(name));
        changed.set(name, known);
        return known;
      },
    };
  };
}

function ofRecords(change: (record: ChangeRecord) => ChangeRecord): (ground: Ground) => Ground {
  return ofRealm((realm) => {
    const { changeLog } = realm;
    const tail: typeof changeLog.tail = (reader) =>
      changeLog.tail({
        ...reader,
        onEvent: (event) =>
          reader.onEvent(event.type === "records" ? { ...event, records: event.records.map(change) } : event),
      });
    return { ...realm, changeLog: { ...changeLog, tail } };
  });
}
