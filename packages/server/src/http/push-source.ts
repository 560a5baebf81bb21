import type { LiveDoor } from "../assembly/create-live.ts";
import type { Resolved } from "../cache/request.ts";
import { MAX_PUSHED_BYTES } from "../live/pushable-json.ts";
import type { PushableBody, Render } from "../live/push-sources.ts";
import type { CachedRoute } from "./cached-route.ts";
import { loadedByRerun, runOrder } from "./loading.ts";
import type { RouteHost } from "./route-host.ts";
import { responseCodec } from "./stored-response.ts";
import type { StoredResponse } from "./stored-response.ts";

/** A cached route, for one request. */
interface Offered {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly host: RouteHost;
}

/** To be called once when a route is made: lets the node send what others have made, before it was asked for any of it. */
export function preparePush({ cache, hub }: LiveDoor, { push }: CachedRoute): void {
  if (!push) return;
  hub.pushes.connect({
    peek(key) {
      const hit = cache.peek<StoredResponse>(key, undefined);
      return hit && pushable(hit);
    },
    async find(key, fence) {
      const found = await cache.find({ key, codec: responseCodec, version: "any", fence });
      return found && pushable(found);
    },
  });
}

/**
 * Remembers how the response of this request is made, so that it can be made again after a change: by running the route once more with
 * this request, on one node of all, as for a refresh in the background. Whatever is stored already is taken as it is.
 */
export function offerPush({ door, route, host }: Offered, key: string): void {
  const { pushes } = door.hub;
  const { cookie, authorization } = host.request.headers;
  const isPersonal = cookie !== undefined || authorization !== undefined;
  if (!route.push || !pushes.wants(key, isPersonal)) return;
  const again = host.rerun;
  if (!again) return;
  const freshness = {
    ...route.freshness,
    swrMs: 0,
    graceMs: 0,
    softTimeoutMs: undefined,
    hardTimeoutMs: undefined,
  };
  const { version } = route;
  const render: Render = async (fence) => {
    const resolved = await door.cache.resolve<StoredResponse>({
      key,
      codec: responseCodec,
      freshness: { ...freshness, refreshAt: 1 },
      version,
      fence,
      load: async () => loadedByRerun(route, await again({ ...runOrder(route, door.applied()), key })),
    });
    return pushable(resolved);
  };
  pushes.offer(key, render, isPersonal);
}

const JSON_TYPES = /^\s*application\/(?:[\w.-]+\+)?json\b/i;

/** A response as it may be pushed: one of status 200 that is JSON, not compressed by its handler, and not too large. */
function pushable({
  value,
  tags,
  position,
}: Pick<Resolved<StoredResponse>, "value" | "tags" | "position">): PushableBody | undefined {
  const { status, headers, body } = value;
  const isJson = JSON_TYPES.test(String(headers.get("content-type") ?? ""));
  if (status !== 200 || !isJson || headers.has("content-encoding")) return undefined;
  if (position === undefined || body.length > MAX_PUSHED_BYTES) return undefined;
  return { bytes: body, etag: String(headers.get("etag") ?? ""), tags, position };
}
