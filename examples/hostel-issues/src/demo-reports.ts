import type { Category, Priority } from "./vocabulary.ts";

/** A report as somebody in a hostel would write it. */
export interface DemoReport {
  readonly category: Category;
  readonly title: string;
  readonly description: string;
  readonly place: string;
  readonly priority: Priority;
}

type Line = readonly [title: string, description: string, place: string, priority?: Priority];

const LINES: Readonly<Record<Category, readonly Line[]>> = {
  plumbing: [
    [
      "Kitchen tap drips all night",
      "The cold tap does not close fully. There is a bucket under it for now.",
      "Kitchen, 2nd floor",
    ],
    [
      "Shower drain is blocked",
      "Water stands ankle-deep after five minutes and takes an hour to go.",
      "Shower 3",
      "urgent",
    ],
    [
      "Toilet keeps running",
      "The cistern never stops filling. Lifting the lid and pressing the float helps for a while.",
      "Washroom, ground floor",
    ],
    [
      "Water stain on the ceiling",
      "A brown patch above the desk, larger than yesterday. Perhaps the shower upstairs.",
      "Room 214",
      "urgent",
    ],
    [
      "Low pressure in the morning showers",
      "Between 7 and 8 there is hardly any water on the third floor.",
      "Showers, 3rd floor",
    ],
  ],
  electricity: [
    [
      "Corridor light flickers",
      "The second lamp from the stairs flickers all evening.",
      "Corridor, 1st floor",
    ],
    [
      "Socket by the desk is dead",
      "The left socket stopped working after the storm. The right one is fine.",
      "Room 108",
    ],
    [
      "Fuse trips when the kettle is on",
      "Kettle and toaster together switch off half of the kitchen.",
      "Kitchen, 1st floor",
      "urgent",
    ],
    [
      "Bicycle cellar has no light",
      "Both tubes are out. One has to feel the way to the racks.",
      "Bicycle cellar",
    ],
    [
      "Reading lamp hangs loose",
      "The screw has come out of the wall and the lamp hangs by its cable.",
      "Study room",
      "low",
    ],
  ],
  internet: [
    [
      "No network in the study room",
      "Phones and laptops see the network but get no address since noon.",
      "Study room",
    ],
    ["Wi-Fi drops every few minutes", "Calls break off. It is worst in the evening.", "3rd floor, east wing"],
    [
      "Network socket is broken",
      "The little plastic hook is gone, so the cable slips out.",
      "Room 305",
      "low",
    ],
    ["Printer cannot be reached", "It answers at the desk but not from our rooms.", "Library", "low"],
  ],
  furniture: [
    ["Desk drawer is stuck", "It opens a hand's width and then jams. My notes are inside.", "Room 12", "low"],
    ["Chair with a broken back", "The backrest gave way. Nobody was hurt.", "Common room"],
    ["Wardrobe door came off", "The upper hinge has pulled out of the wood.", "Room 220"],
    ["Bed slats are cracked", "Two of them, in the middle. The mattress sinks through.", "Room 117"],
  ],
  cleaning: [
    ["Bins in the yard are full", "They were not emptied this week and the lids no longer close.", "Yard"],
    ["Mould around the window", "Small black spots in the corner of the frame.", "Room 301"],
    [
      "Fridge needs a clean-out",
      "Something has been spilt on the lower shelf. It smells.",
      "Kitchen, 3rd floor",
      "low",
    ],
    [
      "Broken glass by the entrance",
      "A bottle broke on the steps. It has been pushed aside, but there are splinters.",
      "Main entrance",
      "urgent",
    ],
  ],
  heating: [
    ["Radiator stays cold", "Turned fully up and only the pipe is warm.", "Room 209"],
    [
      "Radiator cannot be turned down",
      "The valve turns freely and does nothing. We sleep with the window open.",
      "Room 311",
    ],
    ["No hot water since six", "Neither in the kitchen nor in the showers.", "Whole building", "urgent"],
    ["Window does not close", "It stays open by a finger and the room will not warm up.", "Room 104"],
  ],
  other: [
    ["Entrance door does not lock", "The latch stays in. Anybody can walk in.", "Main entrance", "urgent"],
    ["Washing machine stops half-way", "Number 2 stops with the water inside and shows E18.", "Laundry"],
    ["Lost key to the music room", "It was on the hook on Sunday and is gone now.", "Music room", "low"],
    ["Smoke detector beeps", "One short beep a minute: probably its battery.", "Corridor, 2nd floor"],
  ],
};

export const DEMO_REPORTS: readonly DemoReport[] = Object.entries(LINES).flatMap(([category, lines]) =>
  lines.map(([title, description, place, priority = "normal"]) => ({
    category: category as Category,
    title,
    description,
    place,
    priority,
  })),
);

export const DEMO_ANNOUNCEMENTS: readonly { readonly title: string; readonly body: string }[] = [
  {
    title: "Water off on Thursday, 9 to 11",
    body: "The main valve is being replaced. Please fill a jug beforehand.",
  },
  {
    title: "Fire drill next week",
    body: "When the alarm sounds, leave by the nearest stairs and gather in the yard.",
  },
  {
    title: "New washing machines",
    body: "Two more machines are in the laundry. They take cards as well as coins.",
  },
  {
    title: "Quiet hours during examinations",
    body: "From tomorrow the common room closes at ten. Good luck to everyone!",
  },
  { title: "Network maintenance tonight", body: "Expect two short interruptions after midnight." },
  { title: "Parcels at the front desk", body: "Eleven parcels are waiting. Please bring your card." },
];
