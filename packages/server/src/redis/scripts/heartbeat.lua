-- Proves that the ground answers and still holds what this process wrote, and keeps its nodes alive.
-- Port:   Ground.status; the epoch and the nodes of ChangeLog.tail
-- KEYS:   1 head (string)   2 log (stream)   3 this process's mark (string)   4 nodes (sorted set)   5 applied (hash)
--         all in the realm's slot
-- ARGV:   1 the highest mark that was ever acknowledged   2 a fresh random epoch   3 mark TTL (ms)   4 node TTL (ms)
--         then the names of this process's nodes
-- Return: { "epoch.seq", mark, server time (ms) }; the epoch is a fresh one when data was lost
-- Cost:   O(nodes of this process + nodes that died)
local epoch, last = string.match(redis.call('GET', KEYS[1]) or '', '^(%w+)%.(%d+)$')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local acknowledged = tonumber(ARGV[1])
local stored = tonumber(redis.call('GET', KEYS[3]) or '0')

-- A mark lower than one that was acknowledged: the server has gone back in time, or lost everything.
local lost = stored < acknowledged
if lost or not epoch then
  local seq = math.max(time[1] * 1000000 + time[2], tonumber(last or '0') + 1)
  epoch, last = ARGV[2], string.format('%.0f', seq)
  redis.call('UNLINK', KEYS[2])
  redis.call('SET', KEYS[1], epoch .. '.' .. last)
end

local mark = math.max(stored, acknowledged) + 1
redis.call('SET', KEYS[3], string.format('%.0f', mark), 'PX', ARGV[3])

for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now)) do
  redis.call('ZREM', KEYS[4], dead)
  redis.call('HDEL', KEYS[5], dead)
end
for i = 5, #ARGV do
  redis.call('ZADD', KEYS[4], now + ARGV[4], ARGV[i])
end
if #ARGV > 4 then
  redis.call('PEXPIRE', KEYS[4], ARGV[3])
  redis.call('PEXPIRE', KEYS[5], ARGV[3])
end
return { epoch .. '.' .. last, mark, now }
