/** The fixed words and bounds of the application, shared by the database, the API and the web pages. */

export const ROLES = ["admin", "inspector"] as const;
export type Role = (typeof ROLES)[number];

export const RESULTS = ["passed", "failed"] as const;
export type Result = (typeof RESULTS)[number];

/** What audits are about, from the large to the small. */
export const PLACES = ["lines", "machines", "processes"] as const;
export type PlaceKind = (typeof PLACES)[number];

/** What a photo of a part may be. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** Most bytes of a photo, and most photos of an audit. */
export const PHOTO_BYTES = 5 * 1024 * 1024;
export const PHOTOS_PER_AUDIT = 6;

/** Most questions of a checklist. */
export const MOST_QUESTIONS = 20;
