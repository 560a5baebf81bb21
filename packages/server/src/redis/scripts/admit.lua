-- Decides whether a value stamped with a position may be stored: none of its tags has moved since. Tags that are not known
-- are looked up in the log; if that cannot prove that they have not moved, the value is refused.
-- Port:   CacheStore.commit (the half in the realm's slot)
-- KEYS:   1 head (string)   2 log (stream), then one key per tag (string)      all in the realm's slot
-- ARGV:   1 epoch and 2 sequence of the stamp   3 how long the tags must be known from now on (ms)
--         4 most records to look through   5 the tags' names joined by \n
-- Return: 'ok' | 'changed' | 'epoch'
-- Cost:   O(tags); with an unknown tag also the records since the stamp
local epoch, last = string.match(redis.call('GET', KEYS[1]) or '', '^(%w+)%.(%d+)$')
if epoch ~= ARGV[1] then return 'epoch' end
local stamp = tonumber(ARGV[2])

local unknown = {}
local index = 2
for name in string.gmatch(ARGV[5], '[^\n]+') do
  index = index + 1
  local moved = redis.call('GET', KEYS[index])
  if not moved then
    unknown[KEYS[index]] = '\n' .. name .. '\n'
  elseif tonumber(moved) > stamp then
    return 'changed'
  end
end

-- The records after the stamp, if the log still holds every one of them.
local function since()
  if tonumber(last) <= stamp then return {} end
  local limit = tonumber(ARGV[4])
  local records = redis.call('XRANGE', KEYS[2], '(' .. ARGV[2] .. '-0', '+', 'COUNT', limit + 1)
  if #records == 0 or #records > limit then return nil end
  if tonumber(records[1][2][2]) > stamp or records[#records][1] ~= last .. '-0' then return nil end
  return records
end

if next(unknown) then
  local records = since()
  local verdict = records and 'ok' or 'changed'
  for key, name in pairs(unknown) do
    local moved = records and ARGV[2] or last
    for _, record in ipairs(records or {}) do
      if string.find('\n' .. record[2][10] .. '\n', name, 1, true) then
        moved = string.match(record[1], '^%d+')
        verdict = 'changed'
      end
    end
    redis.call('SET', key, moved, 'PX', ARGV[3])
  end
  if verdict ~= 'ok' then return verdict end
end

for i = 3, #KEYS do
  redis.call('PEXPIRE', KEYS[i], ARGV[3], 'GT')
end
return 'ok'
