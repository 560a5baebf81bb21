/** A row as a driver answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement and answers its rows. */
export type RunSql = (sql: string, params?: readonly unknown[]) => Promise<readonly Row[]>;

/** A connection of our own: nobody else's transaction is open on it. */
export interface Connection {
  readonly run: RunSql;
  /** Tells of every notification on a channel from now on. Its name is of letters in lower case, digits and `_`. */
  listen(channel: string, onNotice: () => void): Promise<void>;
  /** Aborted when the connection is lost. */
  readonly lost: AbortSignal;
  /** Resolves soon, whatever the other side does. Idempotent. */
  close(): Promise<void>;
}

/** Where connections come from. */
export interface Database {
  /** Rejects when the database does not answer within the deadline. */
  connect(): Promise<Connection>;
}

/** Quotes a name of at most 63 bytes for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Connects for as long as some work takes, and no longer than until `signal` is aborted: what runs then rejects. */
export async function connected<T>(
  database: Database,
  signal: AbortSignal,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await database.connect();
  const close = (): void => void connection.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    return await work(connection);
  } finally {
    signal.removeEventListener("abort", close);
    await connection.close();
  }
}
