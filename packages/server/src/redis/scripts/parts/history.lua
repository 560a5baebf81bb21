-- A channel's history: a stream whose ids are "<offset>-0" and whose one field is the message as it was published. It begins with
-- "<position> ", and the sequence in that says when it was.
local function sequence_of(message)
  return tonumber(string.match(message, '^%w+%.(%d+)'))
end
