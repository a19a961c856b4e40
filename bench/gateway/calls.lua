-- wrk's script: sends the signed bodies of the file named by CALLS, one a line, in turn; with PAUSE, so many milliseconds after the answer before.
local bodies, at = {}, 0
for line in io.lines(os.getenv("CALLS")) do bodies[#bodies + 1] = line end
local headers = { ["Content-Type"] = "application/x-www-form-urlencoded;charset=UTF-8" }
function request()
    at = at % #bodies + 1
    return wrk.format("POST", nil, headers, bodies[at])
end
local pause = tonumber(os.getenv("PAUSE") or "")
if pause then
    function delay() return pause end
end
