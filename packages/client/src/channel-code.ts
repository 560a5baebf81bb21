// What channels are made of, loaded when one is first used.
export { handlersListener } from "./channel-handlers.ts";
export { createChannel } from "./channel.ts";
