-- Appends one record after the end of the log that read_head answered, moves the head there, tells those who follow the log, and answers
-- the record's sequence as a number and as text, its position, and the time in ms. It comes before whatever else a script writes: should it be refused,
-- nothing has happened. `record` is the text that formatRecord in log-record.ts makes of it, behind which stand its revocations, one a
-- line. The log and the feed carry the same: "<position> <sequence of the record before> " and that text.
local function append_record(head_key, log_key, epoch, last, last_text, feed, record)
  local now = now_us()
  local seq = math.max(last + 1, now)
  -- Writing a number is as dear as a command: once.
  local seq_text = string.format('%d', seq)
  local position = epoch .. '.' .. seq_text
  local text = position .. ' ' .. last_text .. ' ' .. record
  redis.call('XADD', log_key, 'MAXLEN', '~', '10000', seq_text .. '-0', 'r', text)
  redis.call('SET', head_key, position)
  redis.call('SPUBLISH', feed, text)
  return seq, seq_text, position, math.floor(now / 1000)
end
