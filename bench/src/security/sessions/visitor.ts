/** A browser that has signed in to the shop. */
export interface Visitor {
  /** Throws unless the answer is a 200. */
  get(path: string): Promise<Record<string, unknown>>;
  post(path: string): Promise<Record<string, unknown>>;
}

/** Signs in, and keeps the cookie. */
export async function signIn(port: number, user: string): Promise<Visitor> {
  const origin = `http://127.0.0.1:${port}`;
  let cookie = "";
  async function ask(method: string, path: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${origin}${path}`, { method, headers: { cookie } });
    if (response.status !== 200) throw new Error(`void: ${path} was answered ${response.status}`);
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(";")[0]!;
    return (await response.json()) as Record<string, unknown>;
  }
  await ask("POST", `/sign-in/${user}`);
  if (cookie === "") throw new Error("void: signing in set no cookie");
  return { get: (path) => ask("GET", path), post: (path) => ask("POST", path) };
}
