import type { ReactNode } from "react";

/** A picture of what an application is about. */
export function Art({ name }: { name: string }) {
  return (
    <svg
      className="art"
      viewBox="0 0 400 130"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <rect className="art-sky" width="400" height="130" />
      {SCENES[name] ?? null}
    </svg>
  );
}

const SCENES: Readonly<Record<string, ReactNode>> = {
  hostel: <Hostel />,
  parts: <Parts />,
  roads: <Roads />,
  trainer: <Trainer />,
  school: <School />,
};

/** Two houses in the evening; behind some windows somebody is still awake. */
function Hostel() {
  const lit = new Set(["0-1", "1-0", "1-3", "2-2", "3-1", "4-0", "4-3", "5-2"]);
  return (
    <>
      <circle className="art-far" cx="330" cy="34" r="16" />
      <path className="art-mid" d="M40 130V58h96v72zM264 130V70h104v60z" />
      <path className="art-near" d="M128 130V34l72-22 72 22v96z" />
      {Array.from({ length: 6 }, (_, column) =>
        Array.from({ length: 4 }, (_row, row) => (
          <rect
            key={`${column}-${row}`}
            className={lit.has(`${column}-${row}`) ? "art-lit" : "art-dim"}
            x={141 + column * 21}
            y={44 + row * 21}
            width="12"
            height="13"
            rx="2"
          />
        )),
      )}
      <path className="art-lit" d="M56 74h14v12H56zM106 96h14v12h-14zM284 86h14v12h-14zM334 108h14v12h-14z" />
    </>
  );
}

/** A part under a gauge, with its list of checks. */
function Parts() {
  const teeth = Array.from({ length: 12 }, (_, index) => index * 30);
  return (
    <>
      <path className="art-mid" d="M0 112h400v18H0z" />
      <g transform="translate(132 66)">
        {teeth.map((angle) => (
          <rect
            key={angle}
            className="art-near"
            x="-7"
            y="-50"
            width="14"
            height="20"
            rx="3"
            transform={`rotate(${angle})`}
          />
        ))}
        <circle className="art-near" r="39" />
        <circle className="art-dim" r="24" />
        <circle className="art-lit" r="9" />
      </g>
      <g transform="translate(232 20)">
        <rect className="art-paper" width="104" height="92" rx="8" />
        {[0, 1, 2].map((row) => (
          <g key={row} transform={`translate(14 ${18 + row * 25})`}>
            <path className="art-stroke" d={row < 2 ? "m0 5 5 5 9-10" : "M0 0h12v12H0z"} />
            <path className="art-line" d={`M26 6h${[48, 58, 38][row]}`} />
          </g>
        ))}
      </g>
    </>
  );
}

/** Streets from above, each as good as it is, and somebody under way. */
function Roads() {
  return (
    <>
      <path
        className="art-mid"
        d="M0 0h88v40H0zM124 0h96v40h-96zM256 0h144v52H256zM0 76h88v54H0zM124 76h96v54h-96zM256 88h144v42H256z"
      />
      <path className="art-road" d="M-10 58H238L410 70M106 -10V140M238 -10V140" />
      <path className="art-good" d="M-10 58H106M238 58V140" />
      <path className="art-fair" d="M106 58H238M106 -10V58" />
      <path className="art-poor" d="M238 58L410 70M106 58V140M238 -10V58" />
      <circle className="art-halo" cx="176" cy="58" r="20" />
      <circle className="art-dot" cx="176" cy="58" r="8" />
      <circle className="art-dot" cx="322" cy="64" r="6" />
    </>
  );
}

/** Weeks that get better, and a heart that beats. */
function Trainer() {
  const weeks = [26, 38, 34, 52, 60, 74, 92];
  return (
    <>
      {weeks.map((height, index) => (
        <rect
          key={height}
          className={index === weeks.length - 1 ? "art-lit" : "art-mid"}
          x={46 + index * 46}
          y={130 - height}
          width="30"
          height={height}
          rx="6"
        />
      ))}
      <path className="art-pulse" d="M20 62h92l12-26 18 50 14-34 8 10h84l10-22 14 38 10-16h98" />
    </>
  );
}

/** A school with its clock and a flag. */
function School() {
  return (
    <>
      <path className="art-mid" d="M30 130V66h132v64zM238 130V66h132v64z" />
      <path className="art-near" d="M150 130V46l50-30 50 30v84z" />
      <path className="art-line" d="M200 18V2" />
      <path className="art-lit" d="M200 2h26l-6 6 6 6h-26z" />
      <circle className="art-paper" cx="200" cy="60" r="15" />
      <path className="art-stroke" d="M200 51v9l6 4" />
      <path className="art-dim" d="M188 130V98a12 12 0 0 1 24 0v32z" />
      {[48, 82, 116, 256, 290, 324].map((x, index) => (
        <rect
          key={x}
          className={index % 3 === 1 ? "art-lit" : "art-dim"}
          x={x}
          y="82"
          width="20"
          height="24"
          rx="3"
        />
      ))}
    </>
  );
}
