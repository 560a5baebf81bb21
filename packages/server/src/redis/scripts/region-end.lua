#!lua flags=allow-oom
-- Purpose   Declares a node's life over, and forgets it when nothing of it is left.
-- Port      RegionStore.retire, RegionStore.reap
-- KEYS      1 nodes (sorted set)  2 the node's places (hash); the realm's slot
-- ARGV      1 node  2 "1" also when its lease runs: the node itself says so
-- Returns   "lives" when it does, and nothing was changed | "left" when members of it are left | "gone"
-- Cost      O(log(nodes))
-- include regions

local state = state_of(KEYS[1], ARGV[1], now_ms())
if state == 'live' and ARGV[2] ~= '1' then
  return 'lives'
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return 'gone'
end
redis.call('ZADD', KEYS[1], -1, ARGV[1])
return 'left'
