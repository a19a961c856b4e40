#!/usr/bin/env python3
"""Matou's gateway against nginx with Lua that does the same work: parse the form, sort, MD5, compare, look up the target, sign for it,
write the call down, proxy; and against one that signs and writes nothing ("as it came").

usage: run.py PROGRAM [ROUNDS] [SECONDS] [CALLS]

PROGRAM is a release build of matou. Both gateways have core 0; wrk and the upstream have core 1, where wrk goes first (a real-time priority):
otherwise its clock would count how long it waited behind the upstream, the more of it the more calls a gateway carries. Rounds are
interleaved and the medians count; how often the machine itself pauses is measured beside them, because such a pause is in every tail. CALLS (a million) go through it before its memory is looked at again. Every call is signed by itself and about 1.7 kB long. All
features of Matou's gateway are on, the call log among them. Installs nginx, its Lua module and wrk from Debian's packages when they are
missing. Prints a table.
"""

import datetime, hashlib, json, os, pathlib, re, shutil, socket, statistics, subprocess, sys, tempfile, time, urllib.parse, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
APP, TARGET, TARGET_SECRET = "21300009", "21360009", "bench-secret-of-the-target"
SCENE, METHOD = "bench00001", "demo.trade.get"
CONNECTIONS = 32


def main():
    program, (rounds, seconds, calls) = sys.argv[1], map(int, sys.argv[2:] + ["9", "3", "1000000"][len(sys.argv) - 2 :])
    if not shutil.which("wrk") or not pathlib.Path("/usr/lib/nginx/modules/ngx_http_lua_module.so").exists():
        subprocess.run(["apt-get", "install", "-y", "-qq", "nginx", "libnginx-mod-http-lua", "wrk"], check=True, stdout=subprocess.DEVNULL)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="matou-gateway-bench-"))
    children = []
    try:
        measure(program, rounds, seconds, calls, folder, children)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def measure(program, rounds, seconds, calls_in_all, folder, children):
    ports = {name: free_port() for name in ("nginx", "upstream", "matou")}
    start = lambda core, *command: children.append(subprocess.Popen(["taskset", "-c", core, *command], stdout=subprocess.DEVNULL)) or children[-1]
    matou = start("0", program, "demo", "--data", str(folder / "data"), "--listen", f"127.0.0.1:{ports['matou']}", "--shop-rate", "0")
    demo = wait_for(folder / "data" / "demo.json")
    secret = furnish(demo, ports["upstream"])
    for name in ("nginx", "upstream"):
        text = (HERE / f"{name}.conf").read_text()
        for key, value in {"PORT": ports["nginx"], "UPSTREAM": ports["upstream"], "SECRET": secret, "TARGET": TARGET, "TARGET_SECRET": TARGET_SECRET, "FOLDER": folder}.items():
            text = text.replace(f"@{key}@", str(value))
        (folder / f"{name}.conf").write_text(text)
        start("0" if name == "nginx" else "1", "nginx", "-c", str(folder / f"{name}.conf"), "-p", str(folder))
    qimen = demo["qimen"]
    forwarded = write_calls(folder / "forwarded", APP, secret, TARGET, f"{SCENE}.{METHOD}", demo["wdt"]["sid"])
    builtin = write_calls(folder / "builtin", qimen["app_key"], qimen["app_secret"], qimen["target_app_key"], "wdt.shop.query", demo["wdt"]["sid"])
    url = {name: f"http://127.0.0.1:{port}/router/qm" for name, port in ports.items()}
    bare = url["nginx"].replace("/router/qm", "/router/bare")
    ways = {"nginx + Lua, proxied": (url["nginx"], forwarded), "nginx + Lua, proxied as it came": (bare, forwarded), "Matou, proxied": (url["matou"], forwarded), "Matou, built-in target": (url["matou"], builtin)}
    alone = {"the upstream itself": (url["upstream"], forwarded), **ways}

    for address, calls in ways.values():
        wrk(address, calls, CONNECTIONS, 1, "checked.lua")
    before = memory(matou)
    rates, tails, middles = ({name: [] for name in alone} for _ in range(3))
    pauses = []
    for number in range(rounds):
        pauses.append(paused(1))
        for name, (address, calls) in ways.items():
            rate, _, tail = wrk(address, calls, CONNECTIONS, seconds)
            rates[name].append(rate), tails[name].append(tail)
            print(f"bench: round {number + 1}, {name}: {rate:.0f}/s, 99 % {tail:.2f} ms", file=sys.stderr)
        for name, (address, calls) in alone.items():
            middles[name].append(wrk(address, calls, 1, 1)[1])
    # The same at about the same rate, which both can carry: every connection rests a millisecond after each answer.
    rested = {name: [] for name in ("nginx + Lua, proxied", "Matou, proxied")}
    for number in range(rounds):
        for name in rested:
            rested[name].append(wrk(*ways[name], CONNECTIONS, seconds, PAUSE="1"))
    many, readings = 0, []
    while many < calls_in_all:
        many += int(wrk(*ways["Matou, proxied"], CONNECTIONS, 10)[0] * 10)
        # The median: while a segment of the call log gets its index, some megabytes are used for a moment.
        readings.append(memory(matou))
    after = statistics.median(readings)

    rate, tail, middle = ({name: statistics.median(values) for name, values in figures.items() if values} for figures in (rates, tails, middles))
    nginx, bare, proxied, local = list(ways)
    row = lambda what, figure, against, bound, met: print(f"| {what} | {figure} | {against} | {bound} | {'–' if met is None else 'yes' if met else '**no**'} |")
    print("| what | figure | compared with | ratio or bound | met |\n|---|---|---|---|---|")
    for name, wanted in ((local, 1.5), (proxied, 1.0)):
        ratio = rate[name] / rate[nginx]
        row(f"{name}, {CONNECTIONS} connections, one core", f"{rate[name]:.0f} calls/s", f"{nginx} {rate[nginx]:.0f} calls/s", f"{ratio:.2f} (wanted {wanted:.2f})", ratio >= wanted)
        row(f"the same, against less work", f"{rate[name]:.0f} calls/s", f"{bare} {rate[bare]:.0f} calls/s", f"{rate[name] / rate[bare]:.2f}", None)
        row(f"{name}: 99th percentile", f"{tail[name]:.2f} ms", f"{nginx} {tail[nginx]:.2f} ms", "not worse", tail[name] <= tail[nginx])
    calm = {name: [statistics.median(figure) for figure in zip(*rested[name])] for name in rested}
    for what, at in (("median", 1), ("99th percentile", 2)):
        row(f"{proxied}, {calm[proxied][0]:.0f} calls/s: {what}", f"{calm[proxied][at]:.2f} ms", f"{nginx}, {calm[nginx][0]:.0f} calls/s: {calm[nginx][at]:.2f} ms", "not worse", calm[proxied][at] <= calm[nginx][at])
    for name in (proxied, nginx):
        added = middle[name] - middle["the upstream itself"]
        row(f"{name}: latency added at the median, one connection", f"{added:.3f} ms", f"the upstream itself {middle['the upstream itself']:.3f} ms", "under 0.3 ms", added < 0.3)
    row("time that a bare loop on the gateways' core loses in pauses of a millisecond and more", f"{statistics.fmean(pauses):.1f} %", "–", "–", None)
    row(f"memory of Matou after {many} more forwarded calls", f"{after:.1f} MB", f"before {before:.1f} MB", "at most 10 % more", after <= before * 1.1)


def furnish(demo, upstream):
    """A scene with one read, a target at the upstream, a caller, the authorisation; the secret of the caller."""
    call = lambda path, body: admin(demo, path, body)
    call("/scenes", {"code": SCENE, "name": "bench"})
    call("/targets", {"target_app_key": TARGET, "name": "bench", "kind": "http", "production": {"url": f"http://127.0.0.1:{upstream}/answer", "secret": TARGET_SECRET, "private_allowed": True}})
    parameters = [{"name": name} for name in ("sid", "shop_no", "trade_list", "page_no")]
    call("/apis", {"scene": SCENE, "name": METHOD, "environment": "production", "definition": {"effect": "query", "parameters": parameters, "indexed": "page_no"}})
    call("/apis/publish", {"scene": SCENE, "name": METHOD, "environment": "production"})
    secret = call("/applications", {"protocol": "top", "key": APP, "name": "bench"})["secret"]
    call("/authorisations", {"app_key": APP, "target_app_key": TARGET, "environment": "production", "sid": "*"})
    return secret


def admin(demo, path, body):
    headers = {"Authorization": f"Bearer {demo['admin']['token']}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{demo['base_url']}/admin/v1{path}", json.dumps(body).encode(), headers)
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{path}: {error.code} {error.read().decode()}")


def write_calls(path, app, secret, target, method, sid):
    """Two thousand signed bodies; the window of ten minutes is long enough for a measurement."""
    moment = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
    order = {"tid": "T2026010200001", "buyer_message": "请发顺丰，谢谢", "receiver_address": "浙江省 杭州市 余杭区 文一西路969号", "order_list": [{"oid": f"T2026010200001-{n}", "num": 2, "price": "99.00", "goods_name": "示例货品 2026春季新款"} for n in range(3)]}
    lines = []
    for number in range(2000):
        values = {"method": method, "app_key": app, "target_app_key": target, "timestamp": moment, "format": "json", "v": "2.0", "sign_method": "md5", "sid": sid, "page_no": str(number), "trade_list": json.dumps([order], ensure_ascii=False)}
        text = "".join(name + value for name, value in sorted(values.items()))
        values["sign"] = hashlib.md5(f"{secret}{text}{secret}".encode()).hexdigest().upper()
        lines.append(urllib.parse.urlencode(values))
    path.write_text("\n".join(lines) + "\n")
    return path


def wrk(address, calls, connections, seconds, script="calls.lua", **more):
    command = ["taskset", "-c", "1", "chrt", "-f", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / script), address]
    said = subprocess.run(command, env={**os.environ, "CALLS": str(calls), "CALLS_SCRIPT": str(HERE / "calls.lua"), **more}, capture_output=True, text=True).stdout
    if "WRONG" in said or "Requests/sec" not in said or "Socket errors" in said or "Non-2xx" in said:
        raise SystemExit(said)
    millis = lambda part: [float(n) * {"us": 0.001, "ms": 1, "s": 1000}[unit] for n, unit in re.findall(rf"^\s+{part}%\s+([\d.]+)(us|ms|s)", said, re.M)][0]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), millis(50), millis(99)


def paused(seconds):
    """The part of the time, in percent, that a loop on core 0 loses in pauses of a millisecond and more while nothing else is asked of it."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {0})
    begun = last = time.perf_counter_ns()
    lost = 0
    while last - begun < seconds * 1e9:
        now = time.perf_counter_ns()
        lost += now - last if now - last >= 1_000_000 else 0
        last = now
    os.sched_setaffinity(0, own)
    return 100 * lost / (last - begun)


def memory(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise SystemExit("matou ended")


def wait_for(path):
    for _ in range(600):
        try:
            return json.loads(path.read_text())
        except (OSError, ValueError):
            time.sleep(0.1)
    raise SystemExit(f"{path} does not appear")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


main()
