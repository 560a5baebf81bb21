#!lua flags=allow-oom
-- Purpose   Decides whether something may be taken under a limit, and notes it, by the server's clock. base/limit-meter.ts reckons the same
--           way and says why. What is kept is one short string that goes away by itself: hence allow-oom.
-- Port      LimitStore.take, LimitStore.peek, LimitStore.charge, LimitStore.block
-- KEYS      1 limit (string): "g <window ms> <blocked until ms> <at ms> <debt>", or
--           "s <window ms> <blocked until ms> <used> <newest step>:<count> <oldest step>:<count> ..."
-- ARGV      1 take | peek | charge | block  2 points, or ms of the block  3 points carried over  4 gcra | sliding-window  5 limit
--           6 window ms  7 burst  8 ms of the rule's block
-- Returns   {remaining, ms until it may be taken, ms until everything may be taken, 1 when blocked}
-- Cost      O(1), as a rule; O(steps), at most 61, for a refusal that waits for several of them
-- include limit

local kind, points, carried = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, window, burst = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local now = now_ms()
local stored = redis.call('GET', KEYS[1]) or ''
local blocked_until = tonumber(string.match(stored, '^%a %d+ (%d+)')) or 0
local meter = ARGV[4] == 'gcra' and debt_meter(stored, now, limit, window, burst)
  or window_meter(stored, now, limit, window)

if carried > 0 then
  meter.add(carried)
end
local wait, changed = 0, carried > 0 or meter.moved
if kind == 'charge' then
  meter.add(points)
  changed = true
elseif kind == 'block' then
  blocked_until = now + points
  changed = true
else
  wait = meter.wait(points)
end
local blocked = math.max(0, blocked_until - now)
if kind == 'take' and blocked == 0 then
  if wait == 0 then
    meter.add(points)
    changed = true
  elseif tonumber(ARGV[8]) > 0 then
    blocked = tonumber(ARGV[8])
    blocked_until = now + blocked
    changed = true
  end
end
-- A refusal writes nothing, so that whoever is refused costs little however often it asks.
local reset = math.max(meter.reset(), blocked)
if changed and reset > 0 then
  local text = meter.text(string.format('%d', blocked > 0 and blocked_until or 0))
  redis.call('SET', KEYS[1], text, 'PX', string.format('%d', reset))
elseif changed then
  redis.call('DEL', KEYS[1])
end
return { blocked > 0 and 0 or meter.remaining(), math.max(wait, blocked), reset, blocked > 0 and 1 or 0 }
