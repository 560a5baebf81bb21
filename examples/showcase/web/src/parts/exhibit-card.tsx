import { initials } from "example-kit/web/words.ts";
import { useState } from "react";
import type { ExhibitAnswer, SeatAnswer } from "../../../src/answers.ts";
import { openSideBySide } from "../doors.ts";
import type { Doors } from "../doors.ts";
import { Art } from "./art.tsx";

interface CardProps {
  readonly exhibit: ExhibitAnswer;
  readonly doors: Doors;
}

/** One application: what it is, what to try, and its people, each a door. */
export function ExhibitCard({ exhibit, doors }: CardProps) {
  const { name, title, words, tryThis, people, failure } = exhibit;
  return (
    <article className={`exhibit exhibit-${name}`} aria-labelledby={`exhibit-${name}`}>
      <Art name={name} />
      <div className="exhibit-body">
        <h3 id={`exhibit-${name}`}>{title}</h3>
        {failure !== undefined ? (
          <p className="form-error">It does not run: {failure}</p>
        ) : (
          <>
            <p>{words}</p>
            <p className="exhibit-try">{tryThis}</p>
            <PairButton exhibit={exhibit} doors={doors} />
            <ul className="seats" aria-label={`Be somebody in ${title}`}>
              {people.map((person) => (
                <li key={person.seat}>
                  <Seat person={person} href={doors.seat(exhibit, person.seat)} />
                </li>
              ))}
            </ul>
            <p className="exhibit-links">
              <a href={doors.application(exhibit)} target="_blank" rel="noopener">
                Sign-in page
              </a>
              <a href={`/console/${name}/`} target="_blank" rel="noopener">
                Console
              </a>
            </p>
          </>
        )}
      </div>
    </article>
  );
}

function Seat({ person, href }: { person: SeatAnswer; href: string }) {
  return (
    <a className="seat" href={href} target="_blank" rel="noopener" title={`Open as ${person.name}`}>
      <span className="seat-face" aria-hidden="true">
        {initials(person.name).slice(0, 2)}
      </span>
      {person.name}
    </a>
  );
}

/** Opens both windows at once. Browsers may hold the second one back; then it is a click away. */
function PairButton({ exhibit, doors }: CardProps) {
  const [heldBack, setHeldBack] = useState<readonly string[]>([]);
  const [left, right] = exhibit.pair;
  if (!left || !right || doors.kind !== "names") return null;
  const addresses = [left, right].map(({ seat }) => doors.seat(exhibit, seat));
  const first = (name: string): string => name.split(" ")[0]!;
  return (
    <div className="pair">
      <button
        type="button"
        className="button button-main"
        onClick={() => setHeldBack(openSideBySide(addresses))}
      >
        <PairMark /> {first(left.name)} and {first(right.name)}, side by side
      </button>
      {heldBack.length > 0 && (
        <p className="pair-held" role="status">
          Your browser held {heldBack.length === 1 ? "one window" : "the windows"} back.{" "}
          {heldBack.map((address) => (
            <a key={address} href={address} target="_blank" rel="noopener">
              Open {first((address === addresses[0] ? left : right).name)}&rsquo;s
            </a>
          ))}
        </p>
      )}
    </div>
  );
}

function PairMark() {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d="M3.5 5h7v14h-7zM13.5 5h7v14h-7z" />
    </svg>
  );
}
