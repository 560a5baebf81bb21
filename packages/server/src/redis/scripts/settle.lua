#!lua flags=allow-oom
-- Purpose   Ends a claim: keeps its result, or gives it back. A claim that is over and that nobody took over is settled all the same,
--           because the work was done. What is kept is bounded and goes away by itself: hence allow-oom.
-- Port      ClaimStore.settle, ClaimStore.release
-- KEYS      1 claim (string)
-- ARGV      1 value of the caller's own claim  2 value of the settled one, or '' to give it back  3 TTL ms of the settled one
-- Returns   1, or 0 when the claim is somebody else's, or settled
-- Cost      O(1)

local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then
  return 0
end
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('DEL', KEYS[1])
end
return 1
