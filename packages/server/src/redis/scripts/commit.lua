#!lua
-- Purpose   Decides whether a value may be stored, and stores it, in one step, where one server has its tags and its entry.
-- Port      CacheStore.commit
-- KEYS      1 head (string)  2 log (stream)  3 entry (string)  4 lease (string)  5.. one per tag (string)
-- ARGV      1 epoch and 2 sequence of the value's stamp  3 TTL ms of its tags  4 TTL ms of a tag that is noted anew
--           5 most records to read for a proof  6 length of what stands before the tag's name in KEYS
--           7 owner of the lease, '' without one  8 id of the value  9 TTL ms  10 ms to be kept  11 tags, one a line  12 value
-- Returns   {"valid" | "stale", "stored" | "superseded"}, or {"changed" | "epoch"}
-- Cost      O(tags + bytes); with a lost tag also O(records since the stamp)
-- include head tag entry lease admit store

local tags = {}
for i = 5, #KEYS do
  table.insert(tags, KEYS[i])
end
local value = {
  epoch = ARGV[1], seq = ARGV[2], tag_ttl = ARGV[3], noted_ttl = ARGV[4], most = ARGV[5], name_at = ARGV[6],
  owner = ARGV[7], id = ARGV[8], ttl = ARGV[9], keep = ARGV[10], tags = ARGV[11], bytes = ARGV[12],
}
local verdict = admit(KEYS[1], KEYS[2], tags, value)
if verdict ~= 'valid' and verdict ~= 'stale' then
  give_back(KEYS[4], value.owner)
  return { verdict }
end
return { verdict, store_entry(KEYS[3], KEYS[4], value) }
