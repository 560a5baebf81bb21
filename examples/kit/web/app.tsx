import { createContext, use } from "react";
import type { IconName } from "./parts/icon.tsx";

/** What an application is called, and the drawing beside its name. */
export interface AppName {
  readonly name: string;
  readonly mark: IconName;
}

const AppContext = createContext<AppName>({ name: "", mark: "house" });

/** Says what the application is called. */
export const AppProvider = AppContext.Provider;

/** What the application is called. */
export function useApp(): AppName {
  return use(AppContext);
}
