-- Decides whether a value may be stored: none of its tags has moved since its load began, and for each tag Redis will know so for as long
-- as the entry lives. A tag that Redis has lost is admitted when the log proves that it has not moved; without proof it is noted as moved
-- now, so that the next load can be stored. `value` holds the stamp as epoch and seq, tag_ttl and noted_ttl in ms, most records to be read
-- for a proof, and name_at, the length of what stands before a tag's name in its key.
-- Answers "valid" | "stale": a tag moved softly after the stamp | "changed" | "epoch".
local function admit(head_key, log_key, tags, value)
  local epoch, head = string.match(redis.call('GET', head_key) or '', '^(%w+)%.(%d+)$')
  if epoch ~= value.epoch then
    return 'epoch'
  end
  local stamp = tonumber(value.seq)
  local lost = {}
  local verdict = 'valid'
  for _, tag in ipairs(tags) do
    local purged, moved = read_moves(tag)
    if not purged then
      table.insert(lost, tag)
    elseif purged > stamp then
      return 'changed'
    elseif moved > stamp then
      verdict = 'stale'
    end
  end

  -- The texts of all records since the stamp; nil when the log does not hold all of them.
  local function tags_since_stamp()
    local limit = tonumber(value.most)
    local records = redis.call('XRANGE', log_key, '(' .. value.seq .. '-0', '+', 'COUNT', limit + 1)
    local known = stamp
    local lines = { '' }
    for _, record in ipairs(records) do
      local text = record[2][2]
      if tonumber(string.match(text, '^%S+ (%d+) ')) > known then
        return nil
      end
      known = tonumber(string.match(record[1], '^%d+'))
      -- Each tag has a line of its own; that it is looked for in the other lines as well can only refuse more.
      table.insert(lines, text)
    end
    if #records > limit or known < tonumber(head) then
      return nil
    end
    table.insert(lines, '')
    return table.concat(lines, '\n')
  end

  local function note_lost(seq, ttl_ms)
    for _, tag in ipairs(lost) do
      redis.call('SET', tag, seq, 'PX', ttl_ms)
    end
  end

  if #lost > 0 then
    local moved = tags_since_stamp()
    local name_at = tonumber(value.name_at) + 1
    for _, tag in ipairs(lost) do
      if not moved or string.find(moved, '\n' .. string.sub(tag, name_at) .. '\n', 1, true) then
        note_lost(head, value.noted_ttl)
        return 'changed'
      end
    end
    note_lost(value.seq, value.noted_ttl)
  end
  for _, tag in ipairs(tags) do
    redis.call('PEXPIRE', tag, value.tag_ttl, 'GT')
  end
  return verdict
end
