#!lua flags=allow-oom
-- Purpose   Notes how far a registered node has applied the log. Never goes back within an epoch.
-- Port      ChangeLog.acknowledge
-- KEYS      1 nodes (sorted set)  2 acks (hash); the realm's slot
-- ARGV      1 node  2 epoch  3 sequence
-- Returns   1 when noted, 0 when the node is not registered or has acknowledged as much
-- Cost      O(1)

if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 0
end
local epoch, seq = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '', '^(%w+)%.(%d+)$')
if epoch == ARGV[2] and tonumber(seq) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '.' .. ARGV[3])
return 1
