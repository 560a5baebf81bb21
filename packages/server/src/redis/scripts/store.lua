#!lua
-- Purpose   Stores a value that was admitted, unless one whose load began later is there, and gives the lease back.
-- Port      CacheStore.commit, second half
-- KEYS      1 entry (string)  2 lease (string); the key's slot
-- ARGV      1 owner of the lease, '' without one  2 id of the value  3 epoch and 4 sequence of the stamp  5 TTL ms  6 ms to be kept
--           7 tags, one a line  8 value
-- Returns   "stored" | "superseded"
-- Cost      O(bytes)
-- include head entry lease store

return store_entry(KEYS[1], KEYS[2], {
  owner = ARGV[1], id = ARGV[2], epoch = ARGV[3], seq = ARGV[4], ttl = ARGV[5], keep = ARGV[6], tags = ARGV[7],
  bytes = ARGV[8],
})
