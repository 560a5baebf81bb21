import { createContext, use, useCallback, useEffect, useState } from "react";
import type { ReactNode } from "react";
import { send } from "./request.ts";
import { go } from "./router.tsx";

/** Who is signed in, and how that changes. */
export interface Session<Person> {
  readonly state: "loading" | "known" | "unreachable";
  readonly person: Person | null;
  /** @throws Refusal */
  signIn(email: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** Asks the server again. */
  reload(): void;
}

interface SessionAnswer<Person> {
  readonly person: Person | null;
}

const plainFetch = (path: string, init?: RequestInit): Promise<Response> => fetch(path, init);

/** Makes the session of an application whose people look like this. The server's side of it is `/api/session`. */
export function createSession<Person>() {
  const SessionContext = createContext<Session<Person> | undefined>(undefined);

  /** The session of this browser. */
  function useSession(): Session<Person> {
    return use(SessionContext)!;
  }

  /** The person signed in; only for components inside the application proper. */
  function usePerson(): Person {
    return useSession().person!;
  }

  /** Asks the server who is signed in, and keeps it for everything inside. */
  function SessionProvider({ children }: { children: ReactNode }) {
    return <SessionContext value={useServerSession<Person>()}>{children}</SessionContext>;
  }

  return { SessionProvider, useSession, usePerson };
}

function useServerSession<Person>(): Session<Person> {
  type Known = Pick<Session<Person>, "state" | "person">;
  const [known, setKnown] = useState<Known>({ state: "loading", person: null });
  const reload = useCallback(() => {
    send<SessionAnswer<Person>>(plainFetch, { method: "GET", path: "/api/session" }).then(
      ({ person }) => setKnown({ state: "known", person }),
      () => setKnown({ state: "unreachable", person: null }),
    );
  }, []);
  useEffect(reload, [reload]);
  const signIn = useCallback(async (email: string, password: string) => {
    const request = { method: "POST", path: "/api/session", body: { email, password } };
    const { person } = await send<SessionAnswer<Person>>(plainFetch, request);
    setKnown({ state: "known", person });
  }, []);
  const signOut = useCallback(async () => {
    await send(plainFetch, { method: "DELETE", path: "/api/session" });
    go("/");
    setKnown({ state: "known", person: null });
  }, []);
  return { ...known, signIn, signOut, reload };
}
