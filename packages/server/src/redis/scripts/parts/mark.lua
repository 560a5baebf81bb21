-- A ground's own mark: a number that only this ground raises, together with what it writes; behind it stands how many changes the ground
-- has made. Neither goes down by itself, also when commands of an old connection arrive late; so a mark below an acknowledged one means
-- that Redis lost data, and a count that is below a change's own means that this change has never been made. Answers both as they stood.
local function raise_mark(mark_key, value, ttl_ms, changes)
  local text = changes and value .. ' ' .. changes or value
  local mark, made = string.match(redis.call('SET', mark_key, text, 'PX', ttl_ms, 'GET') or '', '^(%d+) ?(%d*)$')
  mark, made = tonumber(mark) or 0, tonumber(made) or 0
  if mark > tonumber(value) or made > tonumber(changes or 0) then
    local highest = string.format('%d %d', math.max(mark, tonumber(value)), math.max(made, tonumber(changes or 0)))
    redis.call('SET', mark_key, highest, 'PX', ttl_ms)
  end
  return mark, made
end
