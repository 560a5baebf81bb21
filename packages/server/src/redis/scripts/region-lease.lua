#!lua flags=allow-oom
-- Purpose   Begins a node's lease, renews it, or says that it is over; and names another node that is silent, to one asker a second.
-- Port      RegionStore.renew
-- KEYS      1 nodes (sorted set)  2 the node's places (hash)  3 claim (string); the realm's slot
-- ARGV      1 node  2 lease ms  3 "1" to begin it  4 TTL ms  5 claim ms
-- Returns   {1 when the lease runs now, else 0; name of a silent node or ''}
-- Cost      O(log(nodes))
-- include regions

local now = now_ms()
local state = state_of(KEYS[1], ARGV[1], now)
local kept = state == 'live' or state == 'silent' or (state == 'unknown' and ARGV[3] == '1')
if kept then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1)[1] or ''
if silent ~= '' and not redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[5]) then
  silent = ''
end
return { kept and 1 or 0, silent }
