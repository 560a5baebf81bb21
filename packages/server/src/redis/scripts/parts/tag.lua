-- When a tag last moved, as its key tells it: "<purged>", or "<purged> <moved>" after a soft move. Answers both sequences, or nil
-- for a tag that is not known.
local function read_moves(tag_key)
  local purged, moved = string.match(redis.call('GET', tag_key) or '', '^(%d+) ?(%d*)$')
  if not purged then
    return nil
  end
  return tonumber(purged), tonumber(moved) or tonumber(purged)
end
