#!lua flags=allow-oom
-- Purpose   Renews the lease of one incarnation, and hands out those that have ended, each to one asker at a time.
-- Port      PresenceStore.renew
-- KEYS      1 leases (sorted set)  2 clock (hash)  3 ended (sorted set); the realm's slot
-- ARGV      1 incarnation  2 '1' when it begins  3 lease ms  4 TTL ms of the keys  5 step ms  6 claim ms
-- Returns   { alive: 1 | 0, ms until another lease may end or -1, ended incarnations ... }
-- Cost      O(incarnations that have ended + log(nodes))
-- include presence

local MOST_ENDED = 16

local now_ms = server_ms()
local at = lease_now(KEYS[2], now_ms, tonumber(ARGV[5]))
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
local over = ends and tonumber(ends) <= at or redis.call('ZSCORE', KEYS[3], ARGV[1])
if over or (not ends and ARGV[2] ~= '1') then
  return { 0, -1 }
end
redis.call('HSET', KEYS[2], 'at', string.format('%.0f', at), 'renewed', string.format('%.0f', now_ms))
redis.call('ZADD', KEYS[1], string.format('%.0f', at + tonumber(ARGV[3])), ARGV[1])
for _, incarnation in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', at))) do
  redis.call('ZREM', KEYS[1], incarnation)
  redis.call('ZADD', KEYS[3], 0, incarnation)
end

local reply = { 1, -1 }
for _, incarnation in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, MOST_ENDED)) do
  redis.call('ZADD', KEYS[3], string.format('%.0f', now_ms + tonumber(ARGV[6])), incarnation)
  reply[#reply + 1] = incarnation
end
local soonest = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
for i = 1, #soonest, 2 do
  if soonest[i] ~= ARGV[1] and reply[2] == -1 then
    reply[2] = tonumber(soonest[i + 1]) - at
  end
end
for i = 1, 3 do
  redis.call('PEXPIRE', KEYS[i], ARGV[4])
end
return reply
