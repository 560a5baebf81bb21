#!lua flags=allow-oom
-- Purpose   Counts the registered nodes that have not acknowledged a position.
-- Port      ChangeLog.lagging
-- KEYS      1 head (string)  2 log (stream)  3 nodes (sorted set)  4 acks (hash); the realm's slot
-- ARGV      1 fresh epoch  2 epoch  3 sequence
-- Returns   the number of nodes; for a position of an epoch that is over, at least 1: the registers may be lost with it
-- Cost      O(nodes)
-- include head nodes

drop_dead_nodes(KEYS[3], KEYS[4])
local nodes = redis.call('ZRANGE', KEYS[3], 0, -1)
if read_head(KEYS[1], KEYS[2], ARGV[1]) ~= ARGV[2] then
  return math.max(1, #nodes)
end
local lagging = 0
for _, node in ipairs(nodes) do
  local epoch, seq = string.match(redis.call('HGET', KEYS[4], node) or '', '^(%w+)%.(%d+)$')
  if epoch ~= ARGV[2] or tonumber(seq) < tonumber(ARGV[3]) then
    lagging = lagging + 1
  end
end
return lagging
