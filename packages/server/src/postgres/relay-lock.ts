import type { RunSql } from "./database.ts";

/** The lock of whoever relays an outbox. It spares the others work; that nothing is told twice does not depend on it. */
export interface RelayLock {
  /** Takes it if nobody has it. It is held as long as the connection. */
  take(run: RunSql): Promise<boolean>;
  /** Ends the connection of whoever has it and has been silent for so long. */
  endSilentHolder(run: RunSql, silentMs: number): Promise<void>;
}

/** Keeps our advisory locks apart from others in the same database: the upper half of their number. */
const LOCK_SPACE = 0x4c495645;

/** Makes the lock of one table, an advisory one. */
export function createRelayLock(table: string): RelayLock {
  const number = `(${LOCK_SPACE}::bigint << 32) | '${table}'::regclass::oid::bigint`;
  return {
    async take(run) {
      const [row] = await run(`SELECT pg_try_advisory_lock(${number}) AS held`);
      return row?.["held"] === true;
    },
    async endSilentHolder(run, silentMs) {
      await run(
        `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND ((l.classid::bigint << 32) | l.objid::bigint) = (${number})
         AND a.state_change < clock_timestamp() - $1 * interval '1 millisecond'`,
        [silentMs],
      );
    },
  };
}
