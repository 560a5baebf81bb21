-- The stamp of a stored entry, or nil: an entry begins with "1 <epoch>.<seq> <expires at> <bytes of tags>\n".
local function read_stamp(entry_key)
  return string.match(redis.call('GETRANGE', entry_key, 0, 63), '^1 (%w+%.%d+) ')
end
