-- Notes how far a node has applied the log.
-- Port:   ChangeLog.acknowledge
-- KEYS:   1 applied (hash)                                        in the realm's slot
-- ARGV:   1 node   2 sequence   3 TTL (ms)
-- Return: 1
-- Cost:   O(1)
local before = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if tonumber(ARGV[2]) > before then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
