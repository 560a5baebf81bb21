#!lua flags=allow-oom
-- Purpose   Removes an entry whose value cannot be read, unless another one has come in since.
-- Port      CacheStore.discard
-- KEYS      1 entry (string); the key's slot
-- ARGV      1 id of the entry
-- Returns   1 when it was removed, else 0
-- Cost      O(1)
-- include entry

if read_entry_head(KEYS[1]) == ARGV[1] then
  return redis.call('UNLINK', KEYS[1])
end
return 0
