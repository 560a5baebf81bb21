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

-- A sliding window as counts of short steps. A step counts until the last instant of it has left the window. The newest step stands in
-- front and the others behind it, the oldest first, so that most decisions read no more than two of them.
local function window_meter(stored, now, limit, window)
  local step = math.ceil(window / WINDOW_STEPS)
  local current = math.floor(now / step)
  local function end_of(index)
    return (index + 1) * step - 1 + window
  end
  local old_window, used, newest, count, others = string.match(stored, '^s (%d+) %d+ (%d+) (%d+):(%d+)(.*)$')
  used, newest, count, others = tonumber(used) or 0, tonumber(newest) or 0, tonumber(count) or 0, others or ''
  local moved = stored ~= '' and (tonumber(old_window) ~= window or newest > current)

  -- Reckons the steps of another window, or of a clock that was ahead, anew.
  if moved and used > 0 then
    local old_step = math.ceil(tonumber(old_window) / WINDOW_STEPS)
    local last_index, last_count, parts = nil, 0, {}
    for text_index, text_count in string.gmatch(string.format('%s %d:%d', others, newest, count), '(%d+):(%d+)') do
      local index = tonumber(text_index)
      if old_step ~= step then
        index = math.floor(((index + 1) * old_step - 1) / step)
      end
      index = math.min(index, current)
      if last_index and last_index ~= index then
        parts[#parts + 1] = string.format(' %d:%d', last_index, last_count)
        last_count = 0
      end
      last_index, last_count = index, last_count + tonumber(text_count)
    end
    newest, count, others = last_index, last_count, table.concat(parts)
  end

  local from = 1
  while true do
    local index, counted, behind = string.match(others, '^ (%d+):(%d+)()', from)
    if not index or end_of(tonumber(index)) > now then
      break
    end
    used, from = used - tonumber(counted), behind
  end
  others = string.sub(others, from)
  if end_of(newest) <= now then
    used, newest, count = 0, 0, 0
  end

  local function give_back(points)
    while points > 0 and used > 0 do
      local given = math.min(points, count)
      count, points, used = count - given, points - given, used - given
      if count == 0 then
        local before, index, counted = string.match(others, '^(.*) (%d+):(%d+)$')
        newest, count, others = tonumber(index) or 0, tonumber(counted) or 0, before or ''
      end
    end
  end
  return {
    moved = moved,
    add = function(points)
      local added = math.min(points, MOST_FULL * limit - used)
      if points < 0 then
        give_back(-points)
      elseif added > 0 and used > 0 and newest == current then
        used, count = used + added, count + added
      elseif added > 0 then
        if used > 0 then
          others = string.format('%s %d:%d', others, newest, count)
        end
        used, newest, count = used + added, current, added
      end
    end,
    wait = function(cost)
      local over = used + cost - limit
      if over <= 0 then
        return 0
      end
      for index, counted in string.gmatch(others, '(%d+):(%d+)') do
        over = over - tonumber(counted)
        if over <= 0 then
          return end_of(tonumber(index)) - now
        end
      end
      return over <= count and end_of(newest) - now or window
    end,
    reset = function()
      return used > 0 and end_of(newest) - now or 0
    end,
    remaining = function()
      return math.max(0, limit - used)
    end,
    text = function(blocked_until)
      return string.format('s %d %s %d %d:%d%s', window, blocked_until, used, newest, count, others)
    end,
  }
end
