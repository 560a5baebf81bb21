import type { Ack, LiveError, SendReply, SendRequest } from "@livecache/wire";
import { createBackoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import type { QueuedMessage } from "./outbox.ts";
import { mayPass, refusalError } from "./refusal.ts";

/** A message on its way, and whom its answer is for. */
export interface Outgoing extends QueuedMessage {
  resolve(reply: unknown): void;
  reject(error: LiveError): void;
}

/** The messages of one channel: one after another, each sent until the server has handled or refused it. */
export interface Sender {
  readonly isEmpty: boolean;
  push(outgoing: Outgoing): void;
  /** The channel has been joined: what waits is sent. */
  begin(): void;
  /** The channel has been lost; what is not answered will be sent again. */
  pause(): void;
  /** Nothing that waits can be sent any more. */
  refuse(error: LiveError): void;
}

/** Makes a sender; `emptied` is called when the last message has been answered. */
export function createSender({ connection, clock, timing }: ClientParts, emptied: () => void): Sender {
  const backoff = createBackoff(clock, timing);
  const queue: Outgoing[] = [];
  let open = false;
  /** Grows whenever the channel is lost: answers to an older number are for nobody, because the message will be sent again. */
  let turn = 0;
  let busy = false;

  function pump(): void {
    const head = queue[0];
    if (!head || !open || busy) return;
    const mine = ++turn;
    const { id, channel, name, data } = head;
    busy = true;
    const request: SendRequest = { id, channel, name, data };
    connection.request<SendReply>("send", request, (answer) => {
      if (mine === turn) answered(head, answer);
    });
  }

  function answered({ channel, name }: Outgoing, answer: Ack<SendReply> | undefined): void {
    busy = false;
    if (answer?.ok) end(({ resolve }) => resolve(answer.data));
    else if (mayPass(answer)) return backoff.schedule(pump, answer);
    else end(({ reject }) => reject(refusalError("send", answer, { channel, name })));
    backoff.reset();
    pump();
  }

  function end(settle: (head: Outgoing) => void): void {
    const head = queue.shift()!;
    settle(head);
    if (queue.length === 0) emptied();
  }

  return {
    get isEmpty() {
      return queue.length === 0;
    },
    push(outgoing) {
      queue.push(outgoing);
      pump();
    },
    begin() {
      open = true;
      pump();
    },
    pause() {
      turn++;
      open = busy = false;
      backoff.reset();
    },
    refuse(error) {
      while (queue.length > 0) end(({ reject }) => reject(error));
    },
  };
}
