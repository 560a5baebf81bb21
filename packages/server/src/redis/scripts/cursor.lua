#!lua flags=allow-oom
-- Purpose   Answers where a channel stands, together with the log's end. Asking keeps a quiet channel from being forgotten.
-- Port      ChangeLog.cursor, ChangeLog.subscribe
-- KEYS      1 head (string)  2 log (stream)  3 channel (string); the realm's slot
-- ARGV      1 fresh epoch  2 channel TTL ms
-- Returns   {"<epoch>.<seq>" of the log, "<epoch>-<offset>" of the channel}
-- Cost      O(1)
-- include head channel

local epoch, seq = read_head(KEYS[1], KEYS[2], ARGV[1])
local channel_epoch, offset = touch_channel(KEYS[3], epoch, ARGV[1], ARGV[2])
return { format_position(epoch, seq), string.format('%s-%d', channel_epoch, offset) }
