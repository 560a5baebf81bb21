-- A ground's own mark: a number that only this ground raises, together with what it writes. It never goes down by itself,
-- also when commands of an old connection arrive late; so a mark below an acknowledged one means that Redis lost data.
local function raise_mark(mark_key, value, ttl_ms)
  local stored = redis.call('SET', mark_key, value, 'PX', ttl_ms, 'GET') or '0'
  if tonumber(stored) > tonumber(value) then
    redis.call('SET', mark_key, stored, 'PX', ttl_ms)
  end
  return tonumber(stored)
end
