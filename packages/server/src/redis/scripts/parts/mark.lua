-- A ground's own mark: a number that only this ground raises, together with what it writes. It never goes down by itself,
-- also when commands of an old connection arrive late; so a mark below an acknowledged one means that Redis lost data.
local function raise_mark(mark_key, value, ttl_ms)
  local stored = tonumber(redis.call('GET', mark_key) or '0')
  redis.call('SET', mark_key, string.format('%.0f', math.max(stored, tonumber(value))), 'PX', ttl_ms)
  return stored
end
