#!lua flags=allow-oom
-- Purpose   Answers where the log ends, and registers the nodes that follow it from this connection. It goes out with each
--           question of the tail, so that whoever may still answer from memory is always registered.
-- Port      ChangeLog.tail
-- KEYS      1 head (string)  2 log (stream)  3 nodes (sorted set)  4 acks (hash); the realm's slot
-- ARGV      1 fresh epoch  2 registration ms  3 TTL ms of both registers  4.. names of nodes
-- Returns   "<epoch>.<seq>"
-- Cost      O(nodes named * log(nodes))
-- include head nodes

local head = format_position(read_head(KEYS[1], KEYS[2], ARGV[1]))
local now_ms = drop_dead_nodes(KEYS[3], KEYS[4])
for i = 4, #ARGV do
  -- A node that begins to follow knows nothing older, so there is nothing for it to acknowledge.
  if not redis.call('ZSCORE', KEYS[3], ARGV[i]) then
    redis.call('HSET', KEYS[4], ARGV[i], head)
  end
  redis.call('ZADD', KEYS[3], string.format('%.0f', now_ms + tonumber(ARGV[2])), ARGV[i])
end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return head
