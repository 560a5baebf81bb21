#!lua
-- Purpose   Decides whether a value may be stored, where its tags and its entry may be on different servers.
-- Port      CacheStore.commit, first half
-- KEYS      1 head (string)  2 log (stream)  3.. one per tag (string); the realm's slot
-- ARGV      1 epoch and 2 sequence of the value's stamp  3 TTL ms of its tags  4 TTL ms of a tag that is noted anew
--           5 most records to read for a proof  6 length of what stands before the tag's name in KEYS
-- Returns   "valid" | "stale": a tag moved softly after the stamp | "changed" | "epoch"
-- Cost      O(tags); with a lost tag also O(records since the stamp)
-- include tag admit

local tags = {}
for i = 3, #KEYS do
  table.insert(tags, KEYS[i])
end
return admit(KEYS[1], KEYS[2], tags, {
  epoch = ARGV[1], seq = ARGV[2], tag_ttl = ARGV[3], noted_ttl = ARGV[4], most = ARGV[5], name_at = ARGV[6],
})
