#!lua flags=allow-oom
-- Purpose   Names the nodes that follow the log.
-- Port      ChangeLog.nodes
-- KEYS      1 nodes (sorted set)  2 acks (hash); the realm's slot
-- ARGV      none
-- Returns   the names
-- Cost      O(nodes)
-- include head nodes

drop_dead_nodes(KEYS[1], KEYS[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
