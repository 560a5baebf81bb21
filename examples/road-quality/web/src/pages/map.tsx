import { useChannel, useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Trouble } from "example-kit/web/parts/states.tsx";
import { go, usePlace, withQuery } from "example-kit/web/router.tsx";
import { useEffect, useRef, useState } from "react";
import type { DriversAnswer, HazardsAnswer, RegionsAnswer, SegmentsAnswer } from "../../../src/answers.ts";
import type { Hazard } from "../../../src/contract.ts";
import { CITY_NAME } from "../../../src/city/names.ts";
import { useCity } from "../city.tsx";
import { useDrive } from "../drive/drive.tsx";
import type { CityMap } from "../map/city-map.ts";
import { useCityMap } from "../map/use-city-map.ts";
import { summarise } from "../map/summary.ts";
import { DrivePanel } from "../parts/drive-panel.tsx";
import { HazardForm } from "../parts/hazard-form.tsx";
import type { HazardFormProps } from "../parts/hazard-form.tsx";
import { HazardPanel } from "../parts/hazard-panel.tsx";
import { ALL_SHOWN, Legend } from "../parts/legend.tsx";
import type { Shown } from "../parts/legend.tsx";
import { Overview } from "../parts/overview.tsx";
import { SegmentPanel } from "../parts/segment-panel.tsx";
import { usePerson } from "../session.tsx";

const OWN = "own";

/** The city as it is now. */
export function MapPage() {
  const place = usePlace();
  const city = useCity();
  const drive = useDrive();
  const [shown, setShown] = useState(ALL_SHOWN);
  const [isFollowed, setFollowed] = useState(true);
  const [reporting, setReporting] = useState<Pick<HazardFormProps, "place" | "words">>();
  const segments = useLive<SegmentsAnswer>("/api/segments");
  const regions = useLive<RegionsAnswer>("/api/regions");
  const hazards = useLive<HazardsAnswer>("/api/hazards");
  const segmentId = place.query.get("segment") ?? undefined;
  const hazardId = Number(place.query.get("hazard")) || undefined;
  const hazard = hazards.data?.hazards.find(({ id }) => id === hazardId);
  const show = (changes: { segment?: string; hazard?: string }): void =>
    go(withQuery(place, { segment: undefined, hazard: undefined, ...changes }), "replace");

  const [element, map] = useCityMap({
    onSegment: (id) => show({ segment: id }),
    onHazard: (id) => show({ hazard: String(id) }),
    onNothing: () => show({}),
    onMoved: () => setFollowed(false),
    onPlace: (pointed) => setReporting({ place: pointed, words: "Where you pointed" }),
  });
  useVehicles(map);
  usePainted(map, { segments: segments.data, regions: regions.data, hazards: hazards.data });
  useChosen(map, { segmentId, shown });
  useEffect(() => map?.cells.mark(drive.cell), [map, drive.cell]);
  useEffect(
    () => map?.vehicles.follow(drive.trip && isFollowed ? OWN : undefined),
    [map, drive.trip, isFollowed],
  );
  useComeIn(map, { segmentId, hazard });

  const summary = summarise(city, segments.data?.segments ?? []);
  function report(): void {
    if (drive.moment) setReporting({ place: drive.moment.place, words: "Where you are now" });
    else if (map) setReporting({ place: map.centre(), words: "In the middle of your map" });
  }
  function begin(): void {
    setFollowed(true);
    drive.start();
  }
  return (
    <div className="map-page">
      <div
        className="map"
        ref={element}
        role="application"
        aria-label={`Map of ${CITY_NAME}. The page Roads lists the same.`}
      />
      <div className="map-left">
        <Overview
          figures={{
            vehicles: regions.data?.total,
            observations: segments.data && summary.observations,
            mean: segments.data && summary.mean,
            hazards: hazards.data?.hazards.length,
          }}
          scope={regions.data?.scope}
          onDrive={drive.trip === undefined ? begin : undefined}
          onReport={report}
        />
        <Legend shown={shown} kmByGrade={summary.kmByGrade} onChange={setShown} />
      </div>
      {!segments.data && segments.error && (
        <div className="map-card map-trouble">
          <Trouble what="The roads" words={wordsFor(segments.error)} onRetry={segments.refetch} />
        </div>
      )}
      {segmentId && <SegmentPanel key={segmentId} id={segmentId} onClose={() => show({})} />}
      {hazard && !segmentId && <HazardPanel key={hazard.id} hazard={hazard} onClose={() => show({})} />}
      {drive.trip !== undefined && (
        <DrivePanel isFollowed={isFollowed} onFollow={() => setFollowed(true)} onReport={report} />
      )}
      {reporting && <HazardForm {...reporting} onClose={() => setReporting(undefined)} />}
    </div>
  );
}

interface Known {
  readonly segments: SegmentsAnswer | undefined;
  readonly regions: RegionsAnswer | undefined;
  readonly hazards: HazardsAnswer | undefined;
}

/** Shows what the server has told. */
function usePainted(map: CityMap | undefined, { segments, regions, hazards }: Known): void {
  useEffect(() => map?.roads.show(segments?.segments ?? []), [map, segments]);
  useEffect(() => map?.cells.show(regions?.cells ?? []), [map, regions]);
  useEffect(() => map?.hazards.show(hazards?.hazards ?? []), [map, hazards]);
}

/** Shows what somebody has chosen to see. */
function useChosen(
  map: CityMap | undefined,
  { segmentId, shown }: { segmentId: string | undefined; shown: Shown },
): void {
  useEffect(() => map?.roads.select(segmentId), [map, segmentId]);
  useEffect(() => {
    map?.roads.only(shown.grades);
    map?.cells.setVisible(shown.regions);
    map?.vehicles.setVisible(shown.vehicles);
    map?.hazards.setVisible(shown.hazards);
  }, [map, shown]);
}

/** Shows everybody who drives, as their phones tell it. */
function useVehicles(map: CityMap | undefined): void {
  const { data } = useLive<DriversAnswer>("/api/drivers");
  const { trip, moment } = useDrive();
  const { name } = usePerson();
  useChannel(
    "city",
    {},
    {
      vehicle({ trip: other, ...sighting }, { from }) {
        const driver = data?.drivers.find(({ id }) => id === from);
        const words = driver ? `${driver.name}, ${driver.vehicle.toLowerCase()}` : "A driver";
        map?.vehicles.saw(`${from}:${other}`, { ...sighting, words, isOwn: false });
      },
    },
  );
  useEffect(() => {
    if (trip === undefined || !moment) return;
    const { place, heading, speedKmh } = moment;
    map?.vehicles.saw(OWN, { ...place, heading, speedKmh, words: `${name}, you`, isOwn: true });
  }, [map, trip, moment, name]);
  const shownTrip = useRef<string>(undefined);
  useEffect(() => {
    if (trip === undefined) map?.vehicles.forget(OWN);
    if (!map || !moment || shownTrip.current === trip) return;
    // Only at the beginning: from then on it is followed.
    shownTrip.current = trip;
    map.goNear(moment.place);
  }, [map, trip, moment]);
}

/** Goes where a link leads: once for each link. */
function useComeIn(
  map: CityMap | undefined,
  { segmentId, hazard }: { segmentId: string | undefined; hazard: Hazard | undefined },
): void {
  const { latitude, longitude } = hazard ?? {};
  useEffect(() => {
    if (segmentId) map?.goTo(segmentId);
  }, [map, segmentId]);
  useEffect(() => {
    if (latitude !== undefined && longitude !== undefined) map?.goNear({ latitude, longitude });
  }, [map, latitude, longitude]);
}
