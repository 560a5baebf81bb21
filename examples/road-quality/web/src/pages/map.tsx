import { useChannel, useLive, usePresence } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Trouble } from "example-kit/web/parts/states.tsx";
import { go, usePlace, withQuery } from "example-kit/web/router.tsx";
import { useEffect, useState } from "react";
import type { DriversAnswer, HazardsAnswer, RegionsAnswer, SegmentsAnswer } from "../../../src/answers.ts";
import { CITY_NAME } from "../../../src/city/names.ts";
import { useCity } from "../city.tsx";
import { useDrive } from "../drive/drive.tsx";
import type { CityMap } from "../map/city-map.ts";
import { useCityMap } from "../map/use-city-map.ts";
import { summarise } from "../map/summary.ts";
import { DrivePanel } from "../parts/drive-panel.tsx";
import { HazardForm } from "../parts/hazard-form.tsx";
import { HazardPanel } from "../parts/hazard-panel.tsx";
import { ALL_SHOWN, Legend } from "../parts/legend.tsx";
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
  const [reporting, setReporting] = useState(false);
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
  });
  useVehicles(map);
  useEffect(() => map?.roads.show(segments.data?.segments ?? []), [map, segments.data]);
  useEffect(() => map?.cells.show(regions.data?.cells ?? []), [map, regions.data]);
  useEffect(() => map?.hazards.show(hazards.data?.hazards ?? []), [map, hazards.data]);
  useEffect(() => map?.roads.select(segmentId), [map, segmentId]);
  useEffect(() => map?.cells.mark(drive.cell), [map, drive.cell]);
  useEffect(() => {
    map?.roads.only(shown.grades);
    map?.cells.setVisible(shown.regions);
    map?.vehicles.setVisible(shown.vehicles);
    map?.hazards.setVisible(shown.hazards);
  }, [map, shown]);
  useEffect(
    () => map?.vehicles.follow(drive.trip && isFollowed ? OWN : undefined),
    [map, drive.trip, isFollowed],
  );
  useComeIn(map, { segmentId, place: hazard });

  const summary = summarise(city, segments.data?.segments ?? []);
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
        <section className="map-card overview">
          <PageHead title={CITY_NAME} note="How the roads ride, as of now" />
          <dl className="counters">
            <Counter words="on the road" value={regions.data?.total} name="vehicles" />
            <Counter words="observations" value={segments.data && summary.observations} name="observations" />
            <Counter words="of 100 on average" value={segments.data && summary.mean} name="mean" />
            <Counter words="hazards" value={hazards.data?.hazards.length} name="hazards" />
          </dl>
          <Watching scope={regions.data?.scope} />
          {drive.trip === undefined && (
            <div className="overview-acts">
              <button type="button" className="button button-main" onClick={begin}>
                <Icon name="car" size={18} /> Start driving
              </button>
              <button type="button" className="button" onClick={() => setReporting(true)}>
                <Icon name="alert" size={18} /> Report a hazard
              </button>
            </div>
          )}
        </section>
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
        <DrivePanel
          isFollowed={isFollowed}
          onFollow={() => setFollowed(true)}
          onReport={() => setReporting(true)}
        />
      )}
      {reporting && map && (
        <HazardForm
          place={drive.moment?.place ?? map.centre()}
          isHere={drive.moment !== undefined}
          onClose={() => setReporting(false)}
        />
      )}
    </div>
  );
}

function Counter({ words, value, name }: { words: string; value: number | undefined; name: string }) {
  return (
    <div className="counter" data-figure={name}>
      <dd>
        {value === undefined ? (
          "–"
        ) : (
          <Figure value={value} format={(shown) => shown.toLocaleString("en-GB")} />
        )}
      </dd>
      <dt>{words}</dt>
    </div>
  );
}

/** How many people are there, and whether that is all of them. */
function Watching({ scope }: { scope: RegionsAnswer["scope"] | undefined }) {
  const { count, isStale } = usePresence("city", {});
  return (
    <p className="watching">
      {count} {count === 1 ? "person" : "people"} connected
      {(isStale || scope === "local") && ", counted on this server only: Redis is away"}
    </p>
  );
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
  useEffect(() => {
    if (trip === undefined) map?.vehicles.forget(OWN);
    else if (moment) map?.goNear(moment.place);
    // Only at the beginning: what follows is followed.
  }, [map, trip, moment === undefined]);
}

/** Goes where a link leads: once for each link. */
function useComeIn(
  map: CityMap | undefined,
  {
    segmentId,
    place,
  }: {
    segmentId: string | undefined;
    place: { latitude: number; longitude: number; id: number } | undefined;
  },
): void {
  useEffect(() => {
    if (segmentId) map?.goTo(segmentId);
  }, [map, segmentId]);
  useEffect(() => {
    if (place) map?.goNear(place);
  }, [map, place?.id]);
}
