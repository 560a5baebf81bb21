/** The fixed words of the application; what they read like on a page is the page's business. */

export const ROLES = ["driver", "operator"] as const;
export type Role = (typeof ROLES)[number];

export const HAZARD_KINDS = ["pothole", "debris", "flooding", "roadworks"] as const;
export type HazardKind = (typeof HAZARD_KINDS)[number];

/** How a road rides, the best first. */
export const GRADES = ["smooth", "good", "fair", "rough", "bad"] as const;
export type Grade = (typeof GRADES)[number];
