-- The same, and every answer is looked at. Not for measuring: looking costs wrk more than sending.
dofile((os.getenv("CALLS_SCRIPT")))
local wrong = 0
function response(status, _, body)
    if status ~= 200 or not body:find('"errorcode":0', 1, true) then
        wrong = wrong + 1
        if wrong == 1 then print("WRONG " .. status .. " " .. body:sub(1, 300)) end
    end
end
