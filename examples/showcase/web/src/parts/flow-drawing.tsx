/** A write on its way: one window, the change log, three servers, and the windows that show it. */
export function FlowDrawing() {
  return (
    <svg
      className="flow"
      viewBox="0 0 420 300"
      role="img"
      aria-label="A write in one window goes to the change log, from there to three servers, and from them to the other windows."
    >
      <g className="flow-lines">
        <path d="M96 150 H168" />
        <path d="M212 150 C238 150 232 66 262 66" />
        <path d="M212 150 H262" />
        <path d="M212 150 C238 150 232 234 262 234" />
        <path d="M306 66 H338" />
        <path d="M306 150 H338" />
        <path d="M306 234 H338" />
      </g>
      <g className="flow-pulses" aria-hidden="true">
        <path d="M96 150 H168" />
        <path className="second" d="M212 150 C238 150 232 66 262 66" />
        <path className="second" d="M212 150 H262" />
        <path className="second" d="M212 150 C238 150 232 234 262 234" />
        <path className="third" d="M306 66 H338" />
        <path className="third" d="M306 150 H338" />
        <path className="third" d="M306 234 H338" />
      </g>
      <Window x={16} y={122} kind="writes" />
      <g className="flow-log">
        <rect x="168" y="112" width="44" height="76" rx="10" />
        <path d="M178 130h24M178 142h24M178 154h24" />
        <path className="flow-new" d="M178 168h24" />
      </g>
      {[66, 150, 234].map((y) => (
        <g key={y} className="flow-node">
          <rect x="262" y={y - 20} width="44" height="40" rx="10" />
          <circle cx="284" cy={y} r="6" />
        </g>
      ))}
      {[38, 122, 206].map((y) => (
        <Window key={y} x={338} y={y} kind="shows" />
      ))}
    </svg>
  );
}

function Window({ x, y, kind }: { x: number; y: number; kind: "writes" | "shows" }) {
  return (
    <g className={`flow-window flow-${kind}`} transform={`translate(${x} ${y})`}>
      <rect width="80" height="56" rx="8" />
      <path d="M0 14H80" />
      <path d="M12 26h38M12 36h50" />
      <path className="flow-new" d="M12 46h30" />
    </g>
  );
}
