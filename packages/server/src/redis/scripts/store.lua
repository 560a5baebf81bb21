-- Stores an entry unless one is there whose load began later, and gives the caller's lease back.
-- Port:   CacheStore.commit (the half in the entry's slot)
-- KEYS:   1 entry (string)   2 lease (string)                     both in the entry's slot
-- ARGV:   1 the caller's lease or ''   2 epoch and 3 sequence of the stamp   4 TTL (ms)
--         5 the entry's tags and value, as they follow on its first line
-- Return: 'stored' | 'superseded'
-- Cost:   O(size)
if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) == ARGV[1] then
  redis.call('DEL', KEYS[2])
end
local epoch, seq = string.match(redis.call('GETRANGE', KEYS[1], 0, 63), '^lc1 (%w+)%.(%d+) ')
if epoch == ARGV[2] and tonumber(seq) > tonumber(ARGV[3]) then
  return 'superseded'
end
local time = redis.call('TIME')
local expires = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4])
local first = 'lc1 ' .. ARGV[2] .. '.' .. ARGV[3] .. ' ' .. expires .. '\n'
redis.call('SET', KEYS[1], first .. ARGV[5], 'PX', ARGV[4])
return 'stored'
