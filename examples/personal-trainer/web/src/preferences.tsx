import { useLive } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { createContext, use, useCallback } from "react";
import type { ReactNode } from "react";
import type { Preferences, Sourced } from "../../src/answers.ts";
import type { Unit } from "../../src/vocabulary.ts";

const DEFAULTS: Preferences = { unit: "kg", restSeconds: 90, favourites: [], muscle: "chest" };

interface Known {
  readonly preferences: Preferences;
  /** Saves some of them. @throws Refusal */
  readonly save: (changes: Partial<Preferences>) => Promise<void>;
}

const PreferencesContext = createContext<Known>({ preferences: DEFAULTS, save: async () => undefined });

/** Keeps the reader's preferences for everything inside. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const { data } = useLive<Sourced<Preferences>>("/api/preferences");
  const send = useSend();
  const preferences = data?.data ?? DEFAULTS;
  const save = useCallback(
    async (changes: Partial<Preferences>) => {
      await send("PUT", "/api/preferences", { ...preferences, ...changes });
    },
    [send, preferences],
  );
  return <PreferencesContext value={{ preferences, save }}>{children}</PreferencesContext>;
}

/** How the reader likes it. */
export function usePreferences(): Known {
  return use(PreferencesContext);
}

/** What the reader weighs in. */
export function useUnit(): Unit {
  return use(PreferencesContext).preferences.unit;
}
