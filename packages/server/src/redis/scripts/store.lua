#!lua
-- Purpose   Stores a value that was admitted, unless one whose load began later is there, and gives the lease back.
-- Port      CacheStore.commit, second half
-- KEYS      1 entry (string)  2 lease (string); the key's slot
-- ARGV      1 owner of the lease, '' without one  2 epoch and 3 sequence of the stamp  4 TTL ms  5 tags, one a line  6 value
-- Returns   "stored" | "superseded"
-- Cost      O(bytes)
-- include head stamp lease

give_back(KEYS[2], ARGV[1])
local epoch, seq = string.match(read_stamp(KEYS[1]) or '', '^(%w+)%.(%d+)$')
if epoch == ARGV[2] and tonumber(seq) > tonumber(ARGV[3]) then
  return 'superseded'
end
local expires_at_ms = math.floor(now_us() / 1000) + tonumber(ARGV[4])
local header = string.format('1 %s.%s %.0f %d\n', ARGV[2], ARGV[3], expires_at_ms, #ARGV[5])
redis.call('SET', KEYS[1], header .. ARGV[5] .. ARGV[6], 'PX', ARGV[4])
return 'stored'
