-- Id, epoch and sequence of a stored entry, or nil. An entry begins with a line of its own:
-- "2 <id> <epoch>.<seq> <fresh until> <ttl> <kept until> <bytes of tags>\n".
local function read_entry_head(entry_key)
  return string.match(redis.call('GETRANGE', entry_key, 0, 127), '^2 (%w+) (%w+)%.(%d+) ')
end
