#!lua flags=no-writes
-- Purpose   Finds out on a new connection whether this user may run scripts and use keys of our prefix.
-- Port      none: openRedis refuses with the reason
-- KEYS      1 any key of the prefix
-- ARGV      none
-- Returns   1 or 0
-- Cost      O(1)

return redis.call('EXISTS', KEYS[1])
