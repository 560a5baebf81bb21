import type { ExhibitAnswer } from "../../../src/answers.ts";
import type { Doors } from "../doors.ts";

/** Where everything is, for whoever wants to go there by hand. */
export function Foot({ exhibits, doors }: { exhibits: readonly ExhibitAnswer[]; doors: Doors }) {
  return (
    <footer className="foot">
      <p>
        Every application has a port of its own as well, for browsers that do not find{" "}
        <code>*.localhost</code> and for other devices of this network:
      </p>
      <ul>
        {exhibits
          .filter(({ port }) => port > 0)
          .map(({ name, title, port }) => (
            <li key={name}>
              <a href={`http://${location.hostname}:${port}/`} target="_blank" rel="noopener">
                {title}
              </a>{" "}
              :{port}
            </li>
          ))}
      </ul>
      <p>
        {doors.kind === "names" ? "This browser finds names that end in .localhost. " : ""}
        This page is itself a Livecache application: what you see of nodes and people arrives as live queries.
      </p>
    </footer>
  );
}
