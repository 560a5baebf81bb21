-- Incarnations of nodes, and what they say of users. The clock of leases goes on with the server's, but by no more than a step between
-- two renewals: while nobody could renew, nobody's lease ends.

local function server_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Where the clock of leases stands at a time of the server.
local function lease_now(clock_key, now_ms, step_ms)
  local kept = redis.call('HMGET', clock_key, 'at', 'renewed')
  if not kept[1] then
    return 0
  end
  return tonumber(kept[1]) + math.max(0, math.min(now_ms - tonumber(kept[2]), step_ms))
end

local function is_alive(leases_key, incarnation, lease_ms)
  local ends = redis.call('ZSCORE', leases_key, incarnation)
  return ends and tonumber(ends) > lease_ms or false
end

-- A user's record is JSON: incarnation to { state, order, meta }, where order grows with every write and meta is '' for none. Answers state
-- and meta of the user as a whole, or nil when none of the incarnations that count is there.
local function whole_user(record, counts)
  local state, meta, newest = nil, '', -1
  for incarnation, said in pairs(record) do
    if not counts or counts(incarnation) then
      if state ~= 'online' then
        state = said[1]
      end
      if said[3] ~= '' and tonumber(said[2]) > newest then
        newest = tonumber(said[2])
        meta = said[3]
      end
    end
  end
  return state, meta
end

-- A channel's version; a channel that is new, or was forgotten, begins again under a fresh epoch.
local function touch_version(version_key, fresh_epoch, ttl_ms)
  redis.call('HSETNX', version_key, 'epoch', fresh_epoch)
  redis.call('HSETNX', version_key, 'offset', '0')
  redis.call('PEXPIRE', version_key, ttl_ms)
end

local function format_version(version_key)
  local kept = redis.call('HMGET', version_key, 'epoch', 'offset')
  return kept[1] .. '-' .. kept[2]
end
