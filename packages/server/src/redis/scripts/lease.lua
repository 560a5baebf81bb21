#!lua flags=allow-oom
-- Purpose   Takes the right to load a key, unless somebody has it or an entry has come in that the caller has not judged.
-- Port      CacheStore.begin
-- KEYS      1 entry (string)  2 lease (string); the key's slot
-- ARGV      1 owner  2 lease ms  3 id of the entry that the caller has seen, '' when it saw none
-- Returns   {"granted"} | {"busy", ms until the lease ends} | {"entry", the stored bytes}
-- Cost      O(bytes answered)
-- include entry

local id = read_entry_head(KEYS[1])
if id and id ~= ARGV[3] then
  return { 'entry', redis.call('GET', KEYS[1]) }
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { 'granted' }
end
return { 'busy', redis.call('PTTL', KEYS[2]) }
