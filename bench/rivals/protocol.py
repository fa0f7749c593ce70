"""The dialogue of a rival, in front of rival_*.py:  python3 -c "$(cat protocol.py rival_torch.py)" SPEC
SPEC is JSON, {"kind": ..., "threads": ..., "device": "cpu" or "cuda", "way": "" or one of the ways to step, "problem": {sizes}, "values": "" or a safetensors file, "steps": N}.  The rival warms up and
prints {"version": ..., "variant": ...}, with values also "losses", those of the first N steps from the file's weights on its batch in exact float32, or {"missing": MODULE}, {"missing_way": WAY} or {"missing_kind": KIND}.  For each line "go N" it makes N steps and prints {"ms": MEAN}; at the end of its input {"peak_bytes": ...}."""
import gc, importlib.metadata, importlib.util, json, os, resource, subprocess, sys, time

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


def given():
    """The arrays of the values' file, by name; empty without one."""
    if not SPEC.get("values"):
        return {}
    import numpy
    with open(SPEC["values"], "rb") as f:
        raw = f.read()
    start = 8 + int.from_bytes(raw[:8], "little")
    arrays = json.loads(raw[8:start])
    arrays.pop("__metadata__", None)
    return {k: numpy.frombuffer(raw, "<f4", (a["data_offsets"][1] - a["data_offsets"][0]) // 4, start + a["data_offsets"][0]).reshape(a["shape"]) for k, a in arrays.items()}


exact = lambda on: None  # products in full float32, where a device may round their factors; set by a rival that needs it


def curve(prepare):
    """The losses of the first steps; a step returns its loss, and has as first those that it took to prepare."""
    exact(True)
    step = prepare()
    losses = list(getattr(step, "first", []))
    while len(losses) < SPEC["steps"]:
        losses.append(float(step()))
    exact(False)
    return losses[: SPEC["steps"]]


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
        losses = curve(prepare) if SPEC.get("values") else None
        gc.collect()
        step = prepare()
        step(), step()
        wait()
        ms = clock(step, 3) if len(ways) > 1 else 0
        if best is None or ms < best[0]:
            best = ms, name, step, losses
        del step
    _, name, step, losses = best
    say(version=importlib.metadata.version(module), variant=name, losses=losses)
    for line in sys.stdin:
        say(ms=clock(step, int(line.split()[1])))
    say(peak_bytes=peak() - baseline)


def startup(module):
    """The start of a process until the module is imported, if that is what is asked for."""
    if KIND == "startup":
        run = lambda: subprocess.run([sys.executable, "-c", "import " + module], check=True)
        serve(module, peak(), {"": lambda: run})
        sys.exit()
