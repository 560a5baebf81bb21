export { createSessionStore, sessionSettings } from "./session-store.ts";
export type { LiveSessionStore } from "./session-store.ts";
export { signIn, signOut } from "./sign-in.ts";
export type { SignIn } from "./sign-in.ts";
export { signOutEverywhere } from "../http/sign-out-everywhere.ts";
export { readSession, sessionIdOf } from "../http/session-cookie.ts";
export type { SessionCookie } from "../http/session-cookie.ts";
export type { SessionConflict, SessionSettings, SessionStoreOptions } from "../http/session-options.ts";
export type { SessionHost } from "../http/session-saves.ts";
