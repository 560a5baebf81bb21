#!lua flags=allow-oom
-- Purpose   Says whether the sets of revocations are whole, as far as one glance shows: the data is still that of the same epoch and server, and no
--           set is missing. When one is, they count as not whole until they have been read, and given back, by those who know them.
-- Port      RevocationStore.isSettled
-- KEYS      1 head (string)  2 log (stream)  3 ledger (hash)  4.. the sets (sorted sets); the realm's slot
-- ARGV      1 fresh epoch
-- Returns   1 when they are whole, else 0
-- Cost      O(sets)
-- include head revocations

local epoch = read_head(KEYS[1], KEYS[2], ARGV[1])
local ledger = redis.call('HMGET', KEYS[3], 'epoch', 'run', 'sets')
if ledger[1] ~= epoch or ledger[2] ~= run_id() then
  return 0
end
if redis.call('EXISTS', unpack(KEYS, 4)) < tonumber(ledger[3] or '0') then
  redis.call('HDEL', KEYS[3], 'epoch', 'run')
  redis.call('HSET', KEYS[3], 'since', string.format('%.0f', server_ms()))
  return 0
end
return 1
