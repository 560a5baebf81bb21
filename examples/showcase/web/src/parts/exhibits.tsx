import { countOf } from "example-kit/web/words.ts";
import type { ExhibitAnswer } from "../../../src/answers.ts";
import type { Doors } from "../doors.ts";
import { ExhibitCard } from "./exhibit-card.tsx";

const COUNTS = [
  "No application",
  "One application",
  "Two applications",
  "Three applications",
  "Four applications",
  "Five applications",
];

/** All applications, and who one may be in them. */
export function Exhibits({ exhibits, doors }: { exhibits: readonly ExhibitAnswer[]; doors: Doors }) {
  return (
    <section id="applications" className="hall" aria-labelledby="applications-title" tabIndex={-1}>
      <div className="hall-head">
        <h2 id="applications-title">{COUNTS[exhibits.length] ?? countOf(exhibits.length, "application")}</h2>
        <p>
          {doors.kind === "ports" ? (
            <>
              Here, names that end in <code>.localhost</code> lead nowhere, so everybody shares one cookie
              jar. Open the second person in a <strong>private window</strong>, or in another browser.
            </>
          ) : (
            <>
              Everybody has an address of their own, such as <code>asha.hostel.localhost</code>, and with it a
              cookie jar of their own: one browser can be two people. A click signs you in.
            </>
          )}
        </p>
      </div>
      <ul className="exhibits">
        {exhibits.map((exhibit) => (
          <li key={exhibit.name}>
            <ExhibitCard exhibit={exhibit} doors={doors} />
          </li>
        ))}
      </ul>
    </section>
  );
}
