#!lua flags=no-writes
-- Purpose   Answers who is in some cells, without members of nodes whose lease has run out.
-- Port      RegionStore.members
-- KEYS      1 nodes (sorted set)  2.. members of each cell (hash); the realm's slot
-- ARGV      1 most members in all
-- Returns   for each cell {1 when there are more members than answered, else 0; member, user, member, user ...}
-- Cost      O(members answered + nodes among them * log(nodes))
-- include regions

local now = now_ms()
local live = {}
local function is_live(member)
  local node = string.match(member, '^[^:]*')
  if live[node] == nil then
    live[node] = state_of(KEYS[1], node, now) == 'live'
  end
  return live[node]
end

local left = tonumber(ARGV[1])
local reply = {}
for i = 2, #KEYS do
  local found
  local more = redis.call('HLEN', KEYS[i]) > left
  if not more then
    found = redis.call('HGETALL', KEYS[i])
  else
    found = left > 0 and redis.call('HRANDFIELD', KEYS[i], left, 'WITHVALUES') or {}
  end
  local cell = { more and 1 or 0 }
  for at = 1, #found, 2 do
    if is_live(found[at]) then
      table.insert(cell, found[at])
      table.insert(cell, found[at + 1])
      left = left - 1
    end
  end
  reply[i - 1] = cell
end
return reply
