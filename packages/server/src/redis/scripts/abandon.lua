-- Gives a lease back if it is still the caller's.
-- Port:   CacheStore.abandon, and a refused CacheStore.commit
-- KEYS:   1 lease (string)
-- ARGV:   1 the caller's lease
-- Return: 1 given back | 0 it was not the caller's any more
-- Cost:   O(1)
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
