#!lua flags=allow-oom
-- Purpose   Answers where the log ends; a realm without a head gets one.
-- Port      ChangeLog.position, CacheStore.begin
-- KEYS      1 head (string)  2 log (stream); the realm's slot
-- ARGV      1 fresh epoch
-- Returns   "<epoch>.<seq>"
-- Cost      O(1)
-- include head

return format_position(read_head(KEYS[1], KEYS[2], ARGV[1]))
