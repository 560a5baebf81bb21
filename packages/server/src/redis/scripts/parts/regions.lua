-- Members of map cells. A node's score in the register is when its lease ends by the server's clock, or -1 when its life was declared
-- over. A node's places are a hash of connections, each with "<sequence> <cell>".

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- "live", "silent" (its lease has run out), "over", or "unknown".
local function state_of(nodes_key, node, now)
  local ends = tonumber(redis.call('ZSCORE', nodes_key, node) or 'nan')
  if ends ~= ends then
    return 'unknown'
  end
  if ends == -1 then
    return 'over'
  end
  return ends > now and 'live' or 'silent'
end
