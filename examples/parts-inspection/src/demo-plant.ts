/** The plant of the demonstration: what stands where, what it does, and what inspectors look at. */

export const DEMO_LINES = ["Brake discs", "Gear shafts", "Cylinder heads", "Wheel hubs"] as const;

/** A question of a checklist, and what is written when it is answered with no. */
export type DemoQuestion = readonly [question: string, fault: string];

export const DEMO_PROCESSES: readonly {
  readonly name: string;
  readonly questions: readonly DemoQuestion[];
}[] = [
  {
    name: "Casting",
    questions: [
      ["Melt temperature within 1,390 ± 20 °C", "1,428 °C on the pyrometer, twice"],
      ["Mould free of residue", "Scale left in the lower half"],
      ["No visible pores or cold shuts", "Pores of 1 mm at the flange"],
      ["Batch number readable on each part", "Last digit cast shut"],
    ],
  },
  {
    name: "CNC turning",
    questions: [
      ["Outer diameter within ± 0.02 mm", "0.034 mm above, three parts in a row"],
      ["Surface roughness Ra at most 1.6 µm", "Ra 2.3 µm at the shoulder"],
      ["Insert changed within its tool life", "Insert 40 parts over its life"],
      ["Coolant concentration 6 to 8 %", "4.5 % on the refractometer"],
      ["Guard door interlock works", "Door opens while the spindle turns down"],
    ],
  },
  {
    name: "Milling",
    questions: [
      ["Flatness within 0.05 mm", "0.08 mm across the sealing face"],
      ["Threads pass the go gauge", "M8 at position 4 does not take the gauge"],
      ["Clamping pressure at least 60 bar", "52 bar, falling"],
      ["No chips left in bores", "Chips in the oil gallery"],
    ],
  },
  {
    name: "Heat treatment",
    questions: [
      ["Furnace log complete", "No entries between 02:00 and 03:10"],
      ["Hardness 58 to 62 HRC", "56.5 HRC on two of five"],
      ["Quench oil below 60 °C", "67 °C at the outlet"],
      ["Parts spaced on the rack", "Shafts touch in row 3"],
    ],
  },
  {
    name: "Grinding",
    questions: [
      ["Runout at most 0.01 mm", "0.016 mm at bearing seat B"],
      ["Wheel dressed this shift", "Last dressing noted yesterday"],
      ["No burn marks", "Brown marks on the thrust face"],
      ["Spark-out time kept", "Spark-out skipped in the program"],
    ],
  },
  {
    name: "Washing",
    questions: [
      ["Bath temperature 65 ± 5 °C", "54 °C, heater 2 is off"],
      ["Residual dirt at most 3 mg per part", "4.8 mg in the sample"],
      ["Nozzles clear", "Two nozzles clogged"],
    ],
  },
  {
    name: "Leak test",
    questions: [
      ["Reference part fails as it should", "Reference part passed the test"],
      ["Test pressure 3.0 ± 0.1 bar", "2.7 bar at the regulator"],
      ["Rejects locked away", "Reject beside the good parts"],
      ["Seals of the fixture undamaged", "Cut in the left seal"],
    ],
  },
  {
    name: "Final assembly",
    questions: [
      ["Torque wrench calibrated", "Calibration ran out last week"],
      ["Bolts tightened in order", "Order 1-3-2-4 instead of crosswise"],
      ["Label matches the part", "Label of the left variant on a right one"],
      ["Packaging clean and dry", "Damp cardboard from the yard"],
    ],
  },
];

/** Which machine stands on which line and does what; lines and processes by their place in the lists above. */
export const DEMO_MACHINES: readonly {
  readonly name: string;
  readonly line: number;
  readonly processes: readonly number[];
}[] = [
  { name: "Furnace F-01", line: 0, processes: [0] },
  { name: "Lathe L-110", line: 0, processes: [1] },
  { name: "Lathe L-120", line: 0, processes: [1] },
  { name: "Balancer B-130", line: 0, processes: [4, 7] },
  { name: "Lathe L-210", line: 1, processes: [1] },
  { name: "Hardening H-220", line: 1, processes: [3] },
  { name: "Grinder G-230", line: 1, processes: [4] },
  { name: "Washer W-240", line: 1, processes: [5] },
  { name: "Furnace F-03", line: 2, processes: [0] },
  { name: "Mill M-310", line: 2, processes: [2] },
  { name: "Mill M-320", line: 2, processes: [2, 5] },
  { name: "Leak tester T-330", line: 2, processes: [6] },
  { name: "Lathe L-410", line: 3, processes: [1, 2] },
  { name: "Assembly A-420", line: 3, processes: [6, 7] },
];

/** What inspectors write below an audit. */
export const DEMO_REMARKS = [
  "",
  "",
  "",
  "Night shift, machine warm.",
  "First parts after the tool change.",
  "Checked five parts out of the running batch.",
  "Operator was shown how to read the gauge.",
  "Sample kept in cabinet 4.",
] as const;

/** What people say to each other about an audit that failed. */
export const DEMO_TALK = [
  "Is the batch locked?",
  "Locked, 48 parts in the red cage.",
  "Maintenance is on it, back before the late shift.",
  "Please measure again after the change and add a photo.",
  "Measured again: within tolerance now.",
  "Same as last week. Let us look at the fixture together.",
  "I have told the shift lead.",
  "Thank you, well spotted.",
] as const;
