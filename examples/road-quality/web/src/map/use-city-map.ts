import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { useCity } from "../city.tsx";
import { openCityMap } from "./city-map.ts";
import type { CityMap, CityMapParts } from "./city-map.ts";

type Listeners = Omit<CityMapParts, "element" | "city">;

/** Opens the map in an element for as long as the component is mounted. The listeners of the last render are called. */
export function useCityMap(
  listeners: Listeners,
): readonly [ref: RefObject<HTMLDivElement | null>, map: CityMap | undefined] {
  const city = useCity();
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(listeners);
  const [map, setMap] = useState<CityMap>();
  useEffect(() => {
    latest.current = listeners;
  });
  useEffect(() => {
    const opened = openCityMap({
      element: element.current!,
      city,
      onSegment: (id) => latest.current.onSegment(id),
      onHazard: (id) => latest.current.onHazard(id),
      onNothing: () => latest.current.onNothing(),
      onMoved: () => latest.current.onMoved(),
      onPlace: (place) => latest.current.onPlace(place),
    });
    setMap(opened);
    return () => {
      opened.close();
      setMap(undefined);
    };
  }, [city]);
  return [element, map];
}
