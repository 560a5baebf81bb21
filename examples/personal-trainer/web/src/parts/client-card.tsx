import { Ago } from "example-kit/web/parts/ago.tsx";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import { countOf, initials } from "example-kit/web/words.ts";
import type { Client } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { shortVolume } from "../words.ts";
import { useUpdated } from "./use-updated.ts";

/** A client as the trainer sees them: this week, the weeks before, and whether they are here. */
export function ClientCard({ client, isHere }: { client: Client; isHere: boolean }) {
  const { userId, name, about, weeklyTarget, weekWorkouts, weekVolumeKg, streakWeeks, weeks, last } = client;
  const unit = useUnit();
  const [updated, calm] = useUpdated(`${weekWorkouts} ${weekVolumeKg}`);
  return (
    <Link
      className={updated ? "client stat-updated" : "client"}
      href={`/clients/${userId}`}
      data-client={userId}
      onAnimationEnd={(event) => event.target === event.currentTarget && calm()}
    >
      <span className={isHere ? "avatar avatar-here" : "avatar"} aria-hidden="true">
        {initials(name)}
      </span>
      <span className="client-words">
        <strong>
          {name}
          {isHere && <span className="visually-hidden"> (here now)</span>}
        </strong>
        <span>{about}</span>
      </span>
      <Sparkline weeks={weeks} />
      <span className="client-figures">
        <span>
          <strong>
            <Figure value={weekWorkouts} /> / {weeklyTarget}
          </strong>{" "}
          workouts
        </span>
        <span>
          <strong>
            <Figure value={weekVolumeKg} format={(kg) => shortVolume(kg, unit)} />
          </strong>{" "}
          moved
        </span>
        {streakWeeks > 1 && (
          <span className="client-streak">
            <Icon name="flame" size={15} /> {countOf(streakWeeks, "week")}
          </span>
        )}
      </span>
      <span className="client-last">
        {last ? (
          <>
            {last.title}, <Ago moment={last.at} />
          </>
        ) : (
          "No workout yet"
        )}
      </span>
    </Link>
  );
}

/** The weeks as small bars; the page of the client has them as figures. */
function Sparkline({ weeks }: { weeks: readonly number[] }) {
  const most = Math.max(1, ...weeks);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${weeks.length * 8} 28`}
      width={weeks.length * 8}
      height={28}
      aria-hidden="true"
    >
      {weeks.map((kg, index) => {
        const height = Math.max(2, (kg / most) * 28);
        return <rect key={index} x={index * 8} y={28 - height} width={6} height={height} rx={1.5} />;
      })}
    </svg>
  );
}
