import pg from "pg";

/**
 * Gives an application tables of its own in a PostgreSQL database that several applications share: makes a schema of this name where there is
 * none, and answers the `DATABASE_URL` whose connections use it.
 *
 * @throws when PostgreSQL cannot be reached, or the user may not make schemas
 */
export async function ownSchema(databaseUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Of several processes that start together, one makes it.
    await client.query("select pg_advisory_lock(7204000)");
    await client.query(`create schema if not exists ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  const given = url.searchParams.get("options");
  url.searchParams.set("options", `${given ? `${given} ` : ""}-c search_path=${name}`);
  // A plus sign is a space in forms only.
  url.search = url.search.replaceAll("+", "%20");
  return url.href;
}
