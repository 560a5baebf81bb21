#!lua flags=no-writes
-- Purpose   Answers the nodes whose lease runs.
-- Port      RegionStore.find
-- KEYS      1 nodes (sorted set); the realm's slot
-- ARGV      none
-- Returns   names of nodes
-- Cost      O(nodes)
-- include regions

return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now_ms()), '+inf')
