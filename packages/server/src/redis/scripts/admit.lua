#!lua
-- Purpose   Decides whether a value may be stored: none of its tags has moved since its load began, and for each tag Redis
--           will know so for as long as the entry lives. A tag that Redis has lost is admitted when the log proves that it
--           has not moved; without proof it is noted as moved now, so that the next load can be stored.
-- Port      CacheStore.commit, first half
-- KEYS      1 head (string)  2 log (stream)  3.. one per tag (string); the realm's slot
-- ARGV      1 epoch and 2 sequence of the value's stamp  3 TTL ms of its tags  4 TTL ms of a tag that is noted anew
--           5 most records to read for a proof  6 length of what stands before the tag's name in KEYS
-- Returns   "valid" | "stale": a tag moved softly after the stamp | "changed" | "epoch"
-- Cost      O(tags); with a lost tag also O(records since the stamp)
-- include head tag

local epoch, head = string.match(redis.call('GET', KEYS[1]) or '', '^(%w+)%.(%d+)$')
if epoch ~= ARGV[1] then
  return 'epoch'
end
local stamp = tonumber(ARGV[2])
local lost = {}
local verdict = 'valid'
for i = 3, #KEYS do
  local purged, moved = read_moves(KEYS[i])
  if not purged then
    table.insert(lost, i)
  elseif purged > stamp then
    return 'changed'
  elseif moved > stamp then
    verdict = 'stale'
  end
end

-- The texts of all records since the stamp; nil when the log does not hold all of them.
local function tags_since_stamp()
  local limit = tonumber(ARGV[5])
  local records = redis.call('XRANGE', KEYS[2], '(' .. ARGV[2] .. '-0', '+', 'COUNT', limit + 1)
  local known = stamp
  local lines = { '' }
  for _, record in ipairs(records) do
    local text = record[2][2]
    if tonumber(string.match(text, '^%S+ (%d+) ')) > known then
      return nil
    end
    known = tonumber(string.match(record[1], '^%d+'))
    -- Each tag has a line of its own; that it is looked for in the other lines as well can only refuse more.
    table.insert(lines, text)
  end
  if #records > limit or known < tonumber(head) then
    return nil
  end
  table.insert(lines, '')
  return table.concat(lines, '\n')
end

local function note(keys, seq, ttl_ms)
  for _, i in ipairs(keys) do
    redis.call('SET', KEYS[i], seq, 'PX', ttl_ms)
  end
end

if #lost > 0 then
  local moved = tags_since_stamp()
  local name_at = tonumber(ARGV[6]) + 1
  for _, i in ipairs(lost) do
    if not moved or string.find(moved, '\n' .. string.sub(KEYS[i], name_at) .. '\n', 1, true) then
      note(lost, head, ARGV[4])
      return 'changed'
    end
  end
  note(lost, ARGV[2], ARGV[4])
end
for i = 3, #KEYS do
  redis.call('PEXPIRE', KEYS[i], ARGV[3], 'GT')
end
return verdict
