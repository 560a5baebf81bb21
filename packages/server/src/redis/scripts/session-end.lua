#!lua flags=allow-oom
-- Purpose   Ends sessions, and says so in the log, in one step. An ending must get through when memory is full: hence allow-oom; what it
--           writes is short, and takes the place of more.
-- Port      SessionStore.end
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4 list of all (sorted set)  5.. one per session (hash), then one per tag
--           (string); and of their users the lists (sorted sets) and the rounds (strings)
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 feed of the log  6 record, see append_record
--           7 how keys of sessions begin  8 of lists of users  9 of rounds  10 ms that an ending is kept  11 number of sessions  12.. ids
-- Returns   {"<epoch>.<seq>" of the record, how many were there}
-- Cost      O(sessions * log(all))
-- include head mark record session

session_keys(KEYS[4], ARGV[7], ARGV[8], ARGV[9])
local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
raise_mark(KEYS[3], ARGV[2], ARGV[3])
local now = session_now()
local _, seq_text, position = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[5], ARGV[6])
local count = tonumber(ARGV[11])
for i = 5 + count, #KEYS do
  redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
end
local ended = 0
for i = 12, 11 + count do
  ended = ended + end_session(ARGV[i], now, ARGV[10])
end
return { position, ended }
