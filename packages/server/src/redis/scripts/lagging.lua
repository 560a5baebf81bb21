-- Counts the live nodes that have not applied the log up to a sequence.
-- Port:   ChangeLog.lagging
-- KEYS:   1 nodes (sorted set)   2 applied (hash)                 all in the realm's slot
-- ARGV:   1 sequence
-- Return: the count
-- Cost:   O(nodes)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = 0
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
  if tonumber(redis.call('HGET', KEYS[2], node) or '0') < tonumber(ARGV[1]) then
    count = count + 1
  end
end
return count
