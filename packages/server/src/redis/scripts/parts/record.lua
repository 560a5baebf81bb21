-- Appends one record after the end of the log that read_head answered, moves the head there, and answers the record's sequence as a
-- number and as text, and its position. It comes before whatever else a script writes: should it be refused, nothing has happened.
-- What follows the first six are the record's fields. find_change and admit rely on the first three of them: id, origin, tags.
local function append_record(head_key, log_key, epoch, last, last_text, most, ...)
  local seq = math.max(last + 1, now_us())
  -- Writing a number is as dear as a command: once.
  local seq_text = string.format('%d', seq)
  redis.call('XADD', log_key, 'MAXLEN', '~', most, seq_text .. '-0', 'epoch', epoch, 'previous', last_text, ...)
  local position = epoch .. '.' .. seq_text
  redis.call('SET', head_key, position)
  return seq, seq_text, position
end
