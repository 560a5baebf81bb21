#!lua flags=allow-oom
-- Purpose   Finds out whether Redis lost what this ground wrote, and if so starts another epoch. Sent every 500 ms, and before
--           anything else on a new connection. The mark is compared only within the epoch it was acknowledged in: when
--           another node has renewed the epoch, the loss is dealt with already. Unless Redis was set back to before that: then
--           an epoch is in force that has ended, or the log ends before where it has been seen to stand. Where servers take over
--           from each other, each change of the server is a loss, and on a new connection a mark counts over epochs too: a server
--           that had been replaced already may have acknowledged it. So is each start of a server that stands alone and does not write
--           every command down.
-- Port      none: Ground.status and the promise of ChangeLog about epochs
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4 primary (hash); the realm's slot
-- ARGV      1 fresh epoch  2 next mark  3 mark TTL ms  4 highest acknowledged mark  5 its epoch, '' when there is none
--           6 its sequence  7 epochs that have ended, with spaces between
--           8 host:port of this server, '' where no server takes over from another  9 1 for the first on a connection, else 0
-- Returns   "<epoch>.<seq>": the head now in force
-- Cost      O(1)
-- include head mark primary

local epoch, seq = read_head(KEYS[1], KEYS[2], ARGV[1])
local stored = raise_mark(KEYS[3], ARGV[2], ARGV[3])
local is_lost = seq < tonumber(ARGV[6])
if ARGV[5] == epoch then
  is_lost = is_lost or stored < tonumber(ARGV[4])
else
  is_lost = is_lost or string.find(ARGV[7], epoch, 1, true)
end
if ARGV[8] ~= '' then
  local is_other = note_primary(KEYS[4], ARGV[8])
  is_lost = is_lost or is_other or (ARGV[9] == '1' and stored < tonumber(ARGV[4]))
elseif ARGV[9] == '1' then
  local has_restarted = note_start(KEYS[4])
  is_lost = is_lost or has_restarted
end
if is_lost then
  epoch, seq = renew_epoch(KEYS[1], ARGV[1], seq)
end
return format_position(epoch, seq)
