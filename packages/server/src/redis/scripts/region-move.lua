#!lua flags=allow-oom
-- Purpose   Moves a member from one cell to another, into its first one, or out. Once more into its own says that it is there: counts are
--           computed from what is below them then, so that one which was lost is right again. allow-oom: whoever has left must get
--           out when memory is full; what is written is bounded by the node's own bounds.
-- Port      RegionStore.move; RegionStore.reap for members of a node whose life is over
-- KEYS      1 nodes (sorted set)  2 the node's places (hash)  3 the member's leaving (string)  4 members of the cell it leaves or is
--           in (hash)  5 members of the cell it comes to (hash)
--           6.. counts (hash) of each prefix of the cell it leaves, longest first, then of the cell it comes to; the realm's slot
-- ARGV      1 node  2 connection  3 cell it leaves, ''  4 cell it comes to, ''  5 sequence; '' to reap  6 user  7 TTL ms
--           8 ms that leaving is remembered  9 number of prefixes of the cell it leaves
-- Returns   "moved" | "late" | "ended" | {"elsewhere", the cell it is in}
-- Cost      O(levels that change)
-- include regions

local reaps = ARGV[5] == ''
local state = state_of(KEYS[1], ARGV[1], now_ms())
if reaps and state ~= 'over' or not reaps and (state == 'over' or state == 'unknown') then
  return 'ended'
end
local seen, cell = string.match(redis.call('HGET', KEYS[2], ARGV[2]) or '0 ', '^(%d+) (%w*)$')
if not reaps and math.max(tonumber(seen), tonumber(redis.call('GET', KEYS[3]) or '0')) >= tonumber(ARGV[5]) then
  return 'late'
end
-- When the place was lost, the mover's word is all there is.
if cell ~= '' and cell ~= ARGV[3] then
  return { 'elsewhere', cell }
end

-- Says once more that there are `total` in a cell and in each of its prefixes, whatever the counts were.
local function recount(name, total)
  for i = 6, #KEYS do
    redis.call('HSET', KEYS[i], string.sub(name, -1), total)
    redis.call('PEXPIRE', KEYS[i], ARGV[7])
    name = string.sub(name, 1, -2)
    total = 0
    for _, part in ipairs(redis.call('HVALS', KEYS[i])) do
      total = total + tonumber(part)
    end
  end
end

-- One more or one less in each prefix of a cell, from `first` to `last` of KEYS.
local function count(name, by, first, last)
  for i = first, last do
    local letter = string.sub(name, -1)
    local total = redis.call('HINCRBY', KEYS[i], letter, by)
    if total <= 0 then
      redis.call('HDEL', KEYS[i], letter)
    elseif total == by then
      redis.call('PEXPIRE', KEYS[i], ARGV[7])
    end
    name = string.sub(name, 1, -2)
  end
end

local member = ARGV[1] .. ':' .. ARGV[2]
local leaves = 5 + tonumber(ARGV[9])
if ARGV[3] ~= '' and ARGV[3] ~= ARGV[4] and redis.call('HDEL', KEYS[4], member) == 1 then
  count(ARGV[3], -1, 6, leaves)
end
if ARGV[4] ~= '' then
  local added = redis.call('HSET', KEYS[5], member, ARGV[6])
  redis.call('PEXPIRE', KEYS[5], ARGV[7])
  if ARGV[3] == ARGV[4] then
    recount(ARGV[4], redis.call('HLEN', KEYS[5]))
  elseif added == 1 then
    count(ARGV[4], 1, leaves + 1, #KEYS)
  end
  if redis.call('HSET', KEYS[2], ARGV[2], ARGV[5] .. ' ' .. ARGV[4]) == 1 then
    redis.call('PEXPIRE', KEYS[2], ARGV[7])
  end
else
  redis.call('HDEL', KEYS[2], ARGV[2])
  if not reaps then
    redis.call('SET', KEYS[3], ARGV[5], 'PX', ARGV[8])
  end
end
return 'moved'
