#!lua flags=allow-oom
-- Purpose   Lets the right to load a key last longer, if it is still the caller's.
-- Port      CacheStore.extend
-- KEYS      1 lease (string); the key's slot
-- ARGV      1 owner  2 lease ms
-- Returns   1 when it is the caller's, else 0
-- Cost      O(1)

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
