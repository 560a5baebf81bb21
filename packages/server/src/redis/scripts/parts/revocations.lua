-- Revocations: sorted sets of names by the time they speak of, and one hash, the ledger, that says of each set how many members (c<set>) and
-- what sum of terms (s<set>) it has, how many tokens and users there are in all, and whose data this is: epoch and run while it is
-- known to be whole, else since when it is not.

-- What one member adds to the sum of its set. base/revocation-shards.ts works out the same.
local function term_of(name, at)
  local x, y, z = string.byte(name, 3, 5)
  return (x * 16384 + y * 128 + z) * (at % 65521 + 1)
end

-- Which server this is: another after each start, and after a failover. '' where the user may not know.
local function run_id()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
end

local function server_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
