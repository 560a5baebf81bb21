#!lua flags=allow-oom
-- Purpose   Starts another epoch, unless somebody has done so since the caller looked.
-- Port      ChangeLog.renewEpoch
-- KEYS      1 head (string)  2 log (stream); the realm's slot
-- ARGV      1 fresh epoch  2 the epoch to end
-- Returns   "<epoch>.<seq>": the head now in force
-- Cost      O(1)
-- include head

local epoch, seq = read_head(KEYS[1], KEYS[2], ARGV[1])
if epoch == ARGV[2] then
  epoch, seq = renew_epoch(KEYS[1], ARGV[1], seq)
end
return format_position(epoch, seq)
