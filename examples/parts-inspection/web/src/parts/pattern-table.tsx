import type { NodesReport } from "@livecache/wire";
import { patternFigures } from "../figures.ts";
import { shareWords } from "../words.ts";

/** How long what is stored under a pattern is used, and what it is, for those of the seed. */
const KNOWN: readonly (readonly [start: string, words: string, life: string])[] = [
  ["http:api:audits:?", "GET /api/audits", "1 min"],
  ["http:api:audits:*", "GET /api/audits/:id", "5 min"],
  ["http:api:machines", "GET /api/machines", "15 min"],
  ["http:api:lines", "GET /api/lines", "15 min"],
  ["http:api:processes", "GET /api/processes", "15 min"],
  ["http:api:people", "GET /api/people", "1 h"],
  ["admins", "Who is told", "1 h"],
];

/** How often each kind of answer was asked for, and how often the cache had it. */
export function PatternTable({ nodes }: { nodes: NodesReport["nodes"] }) {
  const patterns = patternFigures(nodes);
  if (patterns.length === 0) return <p className="card-empty">Nothing has been asked for yet.</p>;
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col">Kept</th>
            <th scope="col">Asked</th>
            <th scope="col">From cache</th>
            <th scope="col">Loads</th>
            <th scope="col">Mean load</th>
          </tr>
        </thead>
        <tbody>
          {patterns.map(({ pattern, asked, hits, loads, meanLoadMs }) => {
            const [, words = pattern, life = ""] = KNOWN.find(([start]) => pattern.startsWith(start)) ?? [];
            const share = asked === 0 ? 0 : hits / asked;
            return (
              <tr key={pattern}>
                <th scope="row" title={pattern}>
                  {words}
                </th>
                <td data-label="Kept">{life}</td>
                <td data-label="Asked">{asked}</td>
                <td data-label="From cache">
                  <span className="share">
                    <progress aria-label={`${words}, from the cache`} value={share} max={1} />
                    {shareWords(share)}
                  </span>
                </td>
                <td data-label="Loads">{loads}</td>
                <td data-label="Mean load">{meanLoadMs.toFixed(1)} ms</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
