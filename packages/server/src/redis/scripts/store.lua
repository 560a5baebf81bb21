#!lua
-- Purpose   Stores a value that was admitted, unless one whose load began later is there, and gives the lease back.
-- Port      CacheStore.commit, second half
-- KEYS      1 entry (string)  2 lease (string); the key's slot
-- ARGV      1 owner of the lease, '' without one  2 id of the value  3 epoch and 4 sequence of the stamp  5 TTL ms  6 ms to be kept
--           7 tags, one a line  8 value
-- Returns   "stored" | "superseded"
-- Cost      O(bytes)
-- include head entry lease

give_back(KEYS[2], ARGV[1])
local _, epoch, seq = read_entry_head(KEYS[1])
if epoch == ARGV[3] and tonumber(seq) > tonumber(ARGV[4]) then
  return 'superseded'
end
local now_ms = math.floor(now_us() / 1000)
local header = string.format('2 %s %s.%s %.0f %s %.0f %d\n', ARGV[2], ARGV[3], ARGV[4],
  now_ms + tonumber(ARGV[5]), ARGV[5], now_ms + tonumber(ARGV[6]), #ARGV[7])
redis.call('SET', KEYS[1], header .. ARGV[7] .. ARGV[8], 'PX', ARGV[6])
return 'stored'
