#!lua flags=allow-oom
-- Purpose   Gives the right to load back, if it is still the caller's.
-- Port      CacheStore.abandon, and CacheStore.commit of a value that is not stored
-- KEYS      1 lease (string); the key's slot
-- ARGV      1 owner
-- Returns   1 when it was the caller's, else 0
-- Cost      O(1)
-- include lease

return give_back(KEYS[1], ARGV[1])
