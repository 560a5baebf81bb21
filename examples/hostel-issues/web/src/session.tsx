import { createContext, use, useCallback, useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Person, SessionAnswer } from "../../src/answers.ts";
import { send } from "./request.ts";
import { go } from "./router.tsx";

/** Who is signed in, and how that changes. */
export interface Session {
  readonly state: "loading" | "known" | "unreachable";
  readonly person: Person | null;
  /** @throws Refusal */
  signIn(email: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** Asks the server again. */
  reload(): void;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** The session of this browser. */
export function useSession(): Session {
  return use(SessionContext)!;
}

/** The person signed in; only for components inside the application proper. */
export function usePerson(): Person {
  return useSession().person!;
}

const plainFetch = (path: string, init?: RequestInit): Promise<Response> => fetch(path, init);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Pick<Session, "state" | "person">>({ state: "loading", person: null });
  const reload = useCallback(() => {
    send<SessionAnswer>(plainFetch, { method: "GET", path: "/api/session" }).then(
      ({ person }) => setKnown({ state: "known", person }),
      () => setKnown({ state: "unreachable", person: null }),
    );
  }, []);
  useEffect(reload, [reload]);
  const signIn = useCallback(async (email: string, password: string) => {
    const body = { email, password };
    const { person } = await send<SessionAnswer>(plainFetch, { method: "POST", path: "/api/session", body });
    setKnown({ state: "known", person });
  }, []);
  const signOut = useCallback(async () => {
    await send(plainFetch, { method: "DELETE", path: "/api/session" });
    go("/");
    setKnown({ state: "known", person: null });
  }, []);
  return <SessionContext value={{ ...known, signIn, signOut, reload }}>{children}</SessionContext>;
}
