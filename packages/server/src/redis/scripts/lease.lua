-- Takes the right to load an entry, unless somebody has it, or an entry is there that the caller has not seen.
-- Port:   CacheStore.begin (the half in the entry's slot)
-- KEYS:   1 entry (string)   2 lease (string)                     both in the entry's slot
-- ARGV:   1 a fresh random token   2 lease (ms)   3 "epoch.seq" of the entry that the caller found invalid, or ''
-- Return: { 'entry', bytes } | { 'granted' } | { 'busy', ms left }
-- Cost:   O(1), and the entry's size when it is answered
local stamp = string.match(redis.call('GETRANGE', KEYS[1], 0, 63), '^lc1 (%w+%.%d+) ')
if stamp and stamp ~= ARGV[3] then
  return { 'entry', redis.call('GET', KEYS[1]) }
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { 'granted' }
end
return { 'busy', redis.call('PTTL', KEYS[2]) }
