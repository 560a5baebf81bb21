import type { DemoPerson } from "example-kit/application";
import type { Role } from "./vocabulary.ts";

/** Somebody the demonstration's database knows. */
export interface RoadPerson extends DemoPerson {
  readonly role: Role;
  /** What they drive. */
  readonly vehicle: string;
}

const driver = { role: "driver", password: "demo-driver" } as const;

/** Those whom the sign-in page offers to be. */
export const DEMO_PEOPLE: readonly RoadPerson[] = [
  { ...driver, id: "asha", name: "Asha Verma", email: "asha@demo.test", vehicle: "Hatchback" },
  { ...driver, id: "tom", name: "Tom Okafor", email: "tom@demo.test", vehicle: "Delivery van" },
  { ...driver, id: "mei", name: "Mei Lin", email: "mei@demo.test", vehicle: "Scooter" },
  {
    id: "elena",
    name: "Elena Petrova",
    email: "elena@demo.test",
    password: "demo-operator",
    role: "operator",
    vehicle: "Road inspection car",
  },
];

const fleet = { role: "driver", password: "demo-fleet" } as const;

/** Those who drive by themselves while the demonstration lives. */
export const FLEET: readonly RoadPerson[] = [
  { ...fleet, id: "ravi", name: "Ravi Menon", email: "ravi@fleet.test", vehicle: "City bus 12" },
  { ...fleet, id: "sofia", name: "Sofia Duarte", email: "sofia@fleet.test", vehicle: "Taxi 7" },
  { ...fleet, id: "kofi", name: "Kofi Boateng", email: "kofi@fleet.test", vehicle: "Courier bike" },
  { ...fleet, id: "lena", name: "Lena Brandt", email: "lena@fleet.test", vehicle: "Milk van" },
  { ...fleet, id: "arjun", name: "Arjun Rao", email: "arjun@fleet.test", vehicle: "Auto rickshaw" },
  { ...fleet, id: "noor", name: "Noor Haddad", email: "noor@fleet.test", vehicle: "Post van" },
  { ...fleet, id: "piotr", name: "Piotr Zielak", email: "piotr@fleet.test", vehicle: "Refuse truck" },
  { ...fleet, id: "yuki", name: "Yuki Tanabe", email: "yuki@fleet.test", vehicle: "Taxi 19" },
];
