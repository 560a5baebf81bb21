const PATHS = {
  house: "M3.5 11 12 4l8.5 7M6 9.8V20h12V9.8M10 20v-5h4v5",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  megaphone: "M4 10v4l3 .6V19h3v-3.8L19 18V6L7 9.4 4 10ZM19 10a2 2 0 0 1 0 4",
  chart: "M4 20V4M4 20h16M8.5 16v-4M13 16V8M17.5 16v-6",
  plus: "M12 5v14M5 12h14",
  cross: "M6 6l12 12M18 6 6 18",
  check: "m5 12.5 4.5 4.5L19 7.5",
  out: "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
  alert: "M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17.3h.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2",
  tools: "M14.5 6.5a4 4 0 0 0-5 5L4 17v3h3l5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3 2.5-2.5Z",
  flame:
    "M12 3c.5 3.5 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3.5 2-4.5.3 1.5 1 2.2 1.8 2.5C10.3 8.5 10.5 5.5 12 3Z",
  plumbing: "M12 3.5S6 10 6 14a6 6 0 0 0 12 0c0-4-6-10.5-6-10.5Z",
  electricity: "M13 3 5 13.5h6L10.5 21 19 10.5h-6L13 3Z",
  internet: "M3.5 9.5a13 13 0 0 1 17 0M6.5 13a8.5 8.5 0 0 1 11 0M9.5 16.3a4 4 0 0 1 5 0M12 19.5h.01",
  furniture:
    "M7 11V6a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v5M4 12.5a2 2 0 0 1 4 0V14h8v-1.5a2 2 0 0 1 4 0V18H4v-5.5ZM6.5 18v2M17.5 18v2",
  cleaning: "M14 3l-3 8M7 11h8l2 9H5l2-9ZM9 20v-4M13 20v-4",
  heating: "M10 13.5V5a2 2 0 0 1 4 0v8.5a4.5 4.5 0 1 1-4 0ZM12 9v7",
  other: "M4 8l8-4 8 4v8l-8 4-8-4V8ZM4 8l8 4 8-4M12 12v8",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15l1.5-2ZM10 21h4",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4V8ZM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z",
  pencil: "M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5l-4.5 1ZM13.5 7l3.5 3.5",
  bin: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 11v5M13.7 11v5",
  factory: "M3.5 20V9l5.5 3.5V9l5.5 3.5V4h5.5v16H3.5ZM8 16.5h1M12 16.5h1M16 16.5h1",
  gauge: "M4.5 18a9 9 0 1 1 15 0M12 13.5l4-4.5M12 15a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  back: "M19 12H5M11 6l-6 6 6 6",
  speech: "M4 5.5h16v11h-9L6.5 20v-3.5H4v-11Z",
  map: "M3.5 6.5 9 4l6 2.5L20.5 4v13.5L15 20l-6-2.5L3.5 20V6.5ZM9 4v13.5M15 6.5V20",
  car: "M5 11.5 6.8 6h10.4l1.8 5.5M4 17v-4.5l1-1h14l1 1V17H4ZM6 17v2M18 17v2M7.5 14.3h.01M16.5 14.3h.01",
  road: "M8 4 4.5 20M16 4l3.5 16M12 4v2.5M12 10.5V13M12 17v3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  cone: "M10.6 4h2.8L18 19.5H6L10.6 4ZM9 9.8h6M7.6 14.6h8.8M3.5 19.5h17",
  dumbbell: "M3 12h1.5M19.5 12H21M6.5 7.5v9M4.5 9.5v5M17.5 7.5v9M19.5 9.5v5M6.5 12h11",
  target: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 12h.01",
  trophy:
    "M8 4h8v6a4 4 0 0 1-8 0V4ZM8 5.5H4.5V7A3.5 3.5 0 0 0 8 10.5M16 5.5h3.5V7a3.5 3.5 0 0 1-3.5 3.5M12 14v4M8.5 20h7",
  calendar: "M4 6.5h16V20H4V6.5ZM4 10.5h16M8 4v4M16 4v4",
  people:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M16 5a3.3 3.3 0 0 1 0 6.3M17.5 14a6 6 0 0 1 4 5.5",
  star: "m12 4 2.4 5.2 5.6.7-4.1 3.9 1 5.7-4.9-2.8-4.9 2.8 1-5.7L4 9.9l5.6-.7L12 4Z",
} as const;

/** A drawing that there is. */
export type IconName = keyof typeof PATHS;

/** A drawing beside words that say the same; screen readers skip it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
