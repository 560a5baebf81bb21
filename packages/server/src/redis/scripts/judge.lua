-- Judges claims: has any of the tags moved past the position? A tag that is not known counts as moved.
-- Port:   ChangeLog.judge, CacheStore.read, CacheStore.begin
-- KEYS:   1 head (string), then one key per tag of every claim (string)        all in the realm's slot
-- ARGV:   three per claim: epoch, sequence, number of tags
-- Return: { "epoch.seq" or '' when there is no head, then 1 (valid) or 0 (changed) per claim }
-- Cost:   O(tags)
local head = redis.call('GET', KEYS[1]) or ''
local epoch = string.match(head, '^(%w+)%.')
local answer = { head }
local key = 1
for i = 1, #ARGV, 3 do
  local valid = ARGV[i] == epoch
  local stamp = tonumber(ARGV[i + 1])
  for _ = 1, tonumber(ARGV[i + 2]) do
    key = key + 1
    if valid then
      local moved = tonumber(redis.call('GET', KEYS[key]) or '')
      valid = moved ~= nil and moved <= stamp
    end
  end
  answer[#answer + 1] = valid and 1 or 0
end
return answer
