import { redact, redactText } from "./redact.ts";

/** Details of a line of the log. An error stands as `error`. */
export type LogDetails = Readonly<Record<string, unknown>>;

/**
 * Where warnings go: `console` fits, and so do pino, winston and any other that takes a message and details. Pino, and what is made of it such as
 * the log of Fastify, is recognised and handed `(details, message)` as it wants them, with an error as `err`.
 */
export interface Logger {
  warn(message: string, details?: LogDetails): void;
}

/** Tells a warning. */
export type Warn = (message: string, details?: LogDetails) => void;

/**
 * The one way by which warnings leave a node. Secrets are taken out of message and details: passwords in URLs, tokens, cookies, and the texts of
 * `secrets` themselves. A logger that throws is passed over: no work fails because it cannot be told of.
 */
export function warnTo(logger: Logger, secrets: readonly string[]): Warn {
  const write = isPino(logger) ? writeToPino(logger) : writePlain(logger);
  return (message, details) => {
    const text = redactText(`livecache: ${message}`, secrets);
    try {
      write(text, details && (redact(details, secrets) as LogDetails));
    } catch {
      // Nobody is left who could be told.
    }
  };
}

/** A logger that takes the details first. */
interface PinoLike {
  warn(details: LogDetails, message: string): void;
}

function isPino(logger: unknown): logger is PinoLike {
  const { bindings, child } = logger as { readonly bindings?: unknown; readonly child?: unknown };
  return typeof bindings === "function" && typeof child === "function";
}

function writeToPino(logger: PinoLike): Warn {
  return (message, { error, ...details } = {}) =>
    logger.warn(error === undefined ? details : { ...details, err: error }, message);
}

function writePlain(logger: Logger): Warn {
  return (message, details) => (details ? logger.warn(message, details) : logger.warn(message));
}
