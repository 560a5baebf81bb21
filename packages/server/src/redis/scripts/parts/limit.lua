-- How much of a limit a subject has used: a meter reads what is stored and brings it up to now.
local MOST_FULL, WINDOW_STEPS = 2, 60

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- GCRA as a debt that time pays off: one point costs the window, each millisecond pays the limit. All numbers are whole, below 2^53.
local function debt_meter(stored, now, limit, window, burst)
  local most = MOST_FULL * burst * window
  local old_window, at, debt = string.match(stored, '^g (%d+) %d+ (%d+) (%d+)$')
  debt, at = tonumber(debt) or 0, tonumber(at) or now
  if old_window and tonumber(old_window) ~= window then
    debt = math.ceil(debt / tonumber(old_window) * window)
  end
  debt = math.max(0, debt - math.max(0, now - at) * limit)
  return {
    -- Whether what is stored was reckoned otherwise, or by a clock that was ahead: it is written anew then, whatever is decided.
    moved = stored ~= '' and (tonumber(old_window) ~= window or at > now),
    add = function(points)
      debt = math.min(most, math.max(0, debt + points * window))
    end,
    wait = function(cost)
      return math.ceil(math.max(0, debt + (cost - burst) * window) / limit)
    end,
    reset = function()
      return math.ceil(debt / limit)
    end,
    remaining = function()
      return math.max(0, math.floor((burst * window - debt) / window))
    end,
    text = function(blocked_until)
      return string.format('g %d %s %d %d', window, blocked_until, now, debt)
    end,
  }
end

-- A sliding window as counts of short steps, the oldest first. A step counts until the last instant of it has left the window.
local function window_meter(stored, now, limit, window)
  local step = math.ceil(window / WINDOW_STEPS)
  local function end_of(index)
    return (index + 1) * step - 1 + window
  end
  local old_window, listed = string.match(stored, '^s (%d+) %d+(.*)$')
  local old_step = math.ceil((tonumber(old_window) or window) / WINDOW_STEPS)
  local current = math.floor(now / step)
  local steps, used, ahead = {}, 0, false
  for text_index, text_count in string.gmatch(listed or '', '(%d+):(%d+)') do
    local index, count = tonumber(text_index), tonumber(text_count)
    if old_step ~= step then
      index = math.floor(((index + 1) * old_step - 1) / step)
    end
    ahead = ahead or index > current
    index = math.min(index, current)
    if end_of(index) > now then
      used = used + count
      if #steps > 0 and steps[#steps][1] == index then
        steps[#steps][2] = steps[#steps][2] + count
      else
        steps[#steps + 1] = { index, count }
      end
    end
  end
  local function give_back(points)
    while points > 0 and #steps > 0 do
      local last = steps[#steps]
      local given = math.min(points, last[2])
      last[2], points, used = last[2] - given, points - given, used - given
      if last[2] == 0 then
        steps[#steps] = nil
      end
    end
  end
  return {
    moved = stored ~= '' and (tonumber(old_window) ~= window or ahead),
    add = function(points)
      local count = math.min(points, MOST_FULL * limit - used)
      if points < 0 then
        give_back(-points)
      elseif count > 0 then
        used = used + count
        if #steps > 0 and steps[#steps][1] == current then
          steps[#steps][2] = steps[#steps][2] + count
        else
          steps[#steps + 1] = { current, count }
        end
      end
    end,
    wait = function(cost)
      local over = used + cost - limit
      if over <= 0 then
        return 0
      end
      for _, entry in ipairs(steps) do
        over = over - entry[2]
        if over <= 0 then
          return end_of(entry[1]) - now
        end
      end
      return window
    end,
    reset = function()
      return #steps > 0 and end_of(steps[#steps][1]) - now or 0
    end,
    remaining = function()
      return math.max(0, limit - used)
    end,
    text = function(blocked_until)
      local parts = { string.format('s %d %s', window, blocked_until) }
      for i, entry in ipairs(steps) do
        parts[i + 1] = string.format('%d:%d', entry[1], entry[2])
      end
      return table.concat(parts, ' ')
    end,
  }
end
