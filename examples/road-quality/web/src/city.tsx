import { createContext, use } from "react";
import type { City } from "../../src/city/city.ts";

const CityContext = createContext<City | undefined>(undefined);

/** Gives the pages the map that everybody has. */
export const CityProvider = CityContext.Provider;

/** The map that everybody has. */
export function useCity(): City {
  return use(CityContext)!;
}
