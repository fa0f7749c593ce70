"""The dialogue of a rival, in front of rival_*.py:  python3 -c "$(cat protocol.py rival_torch.py)" SPEC
SPEC is JSON, {"kind": ..., "threads": ..., "device": "cpu" or "cuda", "way": "" or one of the ways to step, "problem": {sizes}}.  The rival warms up and prints {"version": ..., "variant": ...}, or
{"missing": MODULE}, {"missing_way": WAY} or {"missing_kind": KIND}.  For each line "go N" it makes N steps and prints {"ms": MEAN}; at the end of its input {"peak_bytes": ...}."""
import importlib.metadata, importlib.util, json, os, resource, subprocess, sys, time

SPEC = json.loads(sys.argv[1])
KIND, THREADS, DEVICE, WAY = SPEC["kind"], SPEC["threads"], SPEC["device"], SPEC["way"]
LR, DECAY = 1e-4, 1e-2


def say(**message):
    print(json.dumps(message), flush=True)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


wait = lambda: None  # for what a device still does; set by a rival that does not wait by itself


def clock(step, n):
    begin = time.perf_counter()
    for _ in range(n):
        step()
    wait()
    return 1e3 * (time.perf_counter() - begin) / n


def require(*modules):
    for m in modules:
        if importlib.util.find_spec(m) is None:
            say(missing=m)
            sys.exit()


def counterpart(there):
    """Ends the rival where it has no builder for the kind of work."""
    if not there:
        say(missing_kind=KIND)
        sys.exit()


def serve(module, baseline, ways):
    """ways: name -> function that prepares and returns a step.  The fastest of three steps each is kept."""
    if WAY:
        ways = {name: prepare for name, prepare in ways.items() if name == WAY}
        if not ways:
            say(missing_way=WAY)
            sys.exit()
    best = None
    for name, prepare in ways.items():
        step = prepare()
        step(), step()
        wait()
        ms = clock(step, 3) if len(ways) > 1 else 0
        if best is None or ms < best[0]:
            best = ms, name, step
        del step
    _, name, step = best
    say(version=importlib.metadata.version(module), variant=name)
    for line in sys.stdin:
        say(ms=clock(step, int(line.split()[1])))
    say(peak_bytes=peak() - baseline)


def startup(module):
    """The start of a process until the module is imported, if that is what is asked for."""
    if KIND == "startup":
        run = lambda: subprocess.run([sys.executable, "-c", "import " + module], check=True)
        serve(module, peak(), {"": lambda: run})
        sys.exit()
