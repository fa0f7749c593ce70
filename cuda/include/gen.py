"""Writes our cuda.h, the check of it, and the shim's stub table, from the names that our sources use.

    python3 gen.py TOOLKIT_INCLUDE SOURCE_DIR...      # needs gcc, pycparser==3.0 and CUDA 13.0's headers (wheel nvidia-cuda-runtime==13.0.96);
                                                      # the folders: gorgonia.org/cu's, ../drv, ../libcuda, ../sim

A toolkit header is read for facts (names, values, layouts, parameter types); no text of it is kept.
The result needs no NVIDIA file at all. The symbol behind each name is the one the toolkit's macros select,
except OLD: those calls keep the signature that gorgonia.org/cu v0.9.6 was written for.
"""
import glob, os, re, subprocess, sys, tempfile
from pycparser import c_ast, c_generator, c_parser

OLD = {"cuCtxCreate": "cuCtxCreate_v2", "cuMemAdvise": "cuMemAdvise", "cuMemPrefetchAsync": "cuMemPrefetchAsync",
       "cuGraphAddDependencies": "cuGraphAddDependencies", "cuGraphGetEdges": "cuGraphGetEdges",
       "cuEventElapsedTime": "cuEventElapsedTime", "cuStreamGetCaptureInfo": "cuStreamGetCaptureInfo_v2"}
# What the engine may want next, so that a new call seldom needs a new header.
EXTRA = """cuInit cuGetErrorName cuGetErrorString cuGetProcAddress cuDeviceGetPCIBusId cuDeviceGetDefaultMemPool
cuMemPoolSetAttribute cuMemPoolTrimTo cuMemAllocAsync cuMemFreeAsync cuMemAllocHost cuMemHostAlloc cuMemHostRegister
cuMemHostUnregister cuMemHostGetDevicePointer cuMemcpyAsync cuMemcpyHtoDAsync cuMemcpyDtoHAsync cuMemcpyDtoDAsync
cuStreamBeginCapture cuStreamEndCapture cuStreamIsCapturing cuStreamGetCaptureInfo cuStreamGetCtx cuThreadExchangeStreamCaptureMode
cuGraphInstantiateWithFlags cuGraphUpload cuGraphLaunch cuGraphExecDestroy cuGraphExecUpdate cuGraphGetNodes cuGraphNodeGetType
cuGraphKernelNodeGetParams cuGraphKernelNodeSetParams cuGraphExecKernelNodeSetParams cuGraphDebugDotPrint
cuEventRecordWithFlags cuFuncSetAttribute cuFuncGetName cuFuncGetParamInfo cuFuncGetModule cuModuleGetLoadingMode cuModuleGetFunctionCount
cuModuleEnumerateFunctions cuLaunchHostFunc cuLaunchCooperativeKernel cuLaunchKernelEx cuOccupancyMaxPotentialBlockSize
cuOccupancyMaxActiveClusters cuOccupancyMaxPotentialClusterSize cuOccupancyAvailableDynamicSMemPerBlock
cuLibraryLoadData cuLibraryGetKernel cuLibraryUnload cuKernelGetFunction cuProfilerStart cuProfilerStop""".split()
KEEP_ALL = {"CUresult", "CUdevice_attribute", "CUfunction_attribute", "CUstreamCaptureMode", "CUstreamCaptureStatus", "CUgraphNodeType",
            "CUgraphExecUpdateResult", "CUmemPool_attribute", "CUlimit"}            # enums kept whole
KEEP = {"CU_LAUNCH_ATTRIBUTE_" + s for s in "IGNORE CLUSTER_DIMENSION COOPERATIVE PRIORITY PROGRAMMATIC_STREAM_SERIALIZATION".split()} | {
    "CU_MEMHOSTALLOC_PORTABLE", "CU_MEMHOSTALLOC_WRITECOMBINED", "CU_MEMHOSTREGISTER_PORTABLE", "CU_GET_PROC_ADDRESS_DEFAULT",
    "CU_GRAPH_DEBUG_DOT_FLAGS_VERBOSE", "CU_MODULE_LAZY_LOADING", "CU_STREAM_LEGACY", "CU_STREAM_PER_THREAD"} | {
    "CU_JIT_" + s for s in "MAX_REGISTERS WALL_TIME INFO_LOG_BUFFER INFO_LOG_BUFFER_SIZE_BYTES ERROR_LOG_BUFFER ERROR_LOG_BUFFER_SIZE_BYTES OPTIMIZATION_LEVEL LOG_VERBOSE GENERATE_LINE_INFO CACHE_MODE".split()}

def sh(*a, **k): return subprocess.run(a, check=True, text=True, capture_output=True, **k).stdout

def used(dirs):
    """Identifiers of the CUDA API in our sources and in gorgonia.org/cu (not in cu's sub-packages, nor in tests)."""
    ids = set()
    for d in dirs:
        for p in glob.glob(d + "/*"):
            if p.endswith((".go", ".c", ".h", ".cpp", ".cu")) and not p.endswith("_test.go"):
                ids |= set(re.findall(r"\b(?:cu[A-Z]|CU)\w+", open(p).read()))
    return ids

class Header:
    def __init__(self, inc):
        macros = re.findall(r"^#define (cu[A-Z]\w+) (?:__CUDA_API_PT[DS][SZ]\()?(cu\w+)\)?$", sh("gcc", "-dM", "-E", "-I" + inc, "-include", "cuda.h", "-xc", "/dev/null"), re.M)
        self.alias = dict(macros)
        defs = sh("gcc", "-dM", "-E", "-D__CUDA_API_VERSION_INTERNAL", "-I" + inc, "-include", "cuda.h", "-xc", "/dev/null")
        self.define = dict(re.findall(r"^#define (CU\w+) (.*\d.*)$", defs, re.M))
        text = sh("gcc", "-E", "-P", "-D__CUDA_API_VERSION_INTERNAL", "-D__attribute__(x)=", "-D__extension__=", "-D_Alignas(x)=", "-D_STDLIB_H", "-include", "stddef.h", "-I" + inc, "-include", "cuda.h", "-xc", "/dev/null")
        self.ast = c_parser.CParser().parse(text)
        self.func, self.type, self.order = {}, {}, []
        for d in self.ast.ext:
            if isinstance(d, c_ast.Typedef): self.type[d.name] = d; self.order.append(d.name)
            elif isinstance(d, c_ast.Decl) and isinstance(d.type, c_ast.FuncDecl): self.func.setdefault(d.name, d)
            elif isinstance(d, c_ast.Decl) and isinstance(d.type, (c_ast.Struct, c_ast.Union, c_ast.Enum)) and d.type.name:
                n = type(d.type).__name__.lower() + " " + d.type.name; self.type[n] = d; self.order.append(n)
        self.enums = {}                                   # constant -> its enum's declaration
        for n, d in self.type.items():
            for e in find(d, c_ast.Enumerator): self.enums.setdefault(e.name, n)

    def resolve(self, name):
        if name in OLD: return OLD[name]
        return self.alias.get(name, name)

def find(node, kind):
    out = [node] if isinstance(node, kind) else []
    for _, c in node.children(): out += find(c, kind)
    return out

def refs(node):
    """Names of the types a declaration mentions."""
    out = set()
    for i in find(node, c_ast.IdentifierType): out |= set(i.names)
    for kind in (c_ast.Struct, c_ast.Union, c_ast.Enum):
        for s in find(node, kind):
            if s.name: out.add(kind.__name__.lower() + " " + s.name)
    return out

class Anonymous(c_generator.CGenerator):
    """C text of a declaration without parameter names."""
    def visit_ParamList(self, n): return ", ".join(self.visit(bare(p)) for p in n.params)

def bare(p):
    if isinstance(p, c_ast.EllipsisParam): return p
    def strip(t):
        if isinstance(t, c_ast.TypeDecl): return c_ast.TypeDecl(None, t.quals, t.align, t.type)
        if isinstance(t, c_ast.PtrDecl): return c_ast.PtrDecl(t.quals, strip(t.type))
        if isinstance(t, c_ast.ArrayDecl): return c_ast.PtrDecl([], strip(t.type))
        if isinstance(t, c_ast.FuncDecl): return c_ast.FuncDecl(t.args, strip(t.type))
        return t
    return c_ast.Typename(None, p.quals, None, strip(p.type))

def values(names, inc):
    """The numeric value of every constant, by the compiler."""
    src = "#include <cuda.h>\n#include <stdio.h>\nint main(void){\n" + "".join('printf("%s %%lld\\n",(long long)(%s));\n' % (n, n) for n in names) + "}\n"
    return {l.split()[0]: int(l.split()[1]) for l in run_c(src, inc)}

def run_c(src, inc):
    with tempfile.TemporaryDirectory() as d:
        sh("gcc", "-w", "-D__CUDA_API_VERSION_INTERNAL", "-I" + inc, "-xc", "-", "-o", d + "/x", input=src)
        return sh(d + "/x").splitlines()

def main(inc, dirs, here):
    h, ids, gen = Header(inc), used(dirs) | KEEP, Anonymous()
    calls = sorted(n for n in ids | set(EXTRA) if n in h.func or n in h.alias)
    symbols = sorted({h.resolve(n) for n in calls})
    missing = sorted(s for s in symbols if s not in h.func)
    assert not missing, "not in this toolkit's cuda.h: %s" % missing
    renames = {n: h.resolve(n) for n in calls if h.resolve(n) != n}
    consts = sorted((ids & (set(h.enums) | set(h.define))) | {e.name for n in KEEP_ALL for e in enumerators(h, n)})
    need, todo = set(), {i for i in ids if i in h.type} | set().union(*(refs(h.func[s]) for s in symbols)) | {h.enums[c] for c in consts if c in h.enums}
    while todo:
        n = todo.pop()
        if n in need or n not in h.type: continue
        need.add(n); todo |= refs(h.type[n])
    alltypes = {n for n in need}
    enumconst = {}
    for n in need:
        d = h.type[n]
        names = [e.name for e in find(d, c_ast.Enumerator)]
        if not names: continue
        pick = names if typedef_of(h, n) & KEEP_ALL or n in KEEP_ALL else [x for x in names if x in consts]
        enumconst[n] = pick or names[:1]
    val = values(sorted({c for l in enumconst.values() for c in l}) + [c for c in consts if c not in h.enums], inc)
    out, chk = [], []
    skip = {"size_t", "cuuint32_t", "cuuint64_t", "uint32_t", "uint64_t", "CUdeviceptr_v2"}
    for n in h.order:
        if n not in alltypes or n in skip or n.startswith("__"): continue
        d = h.type[n]
        if n in enumconst:
            tag, td = d.type, n
            e = d.type.type if isinstance(d, c_ast.Typedef) else d.type
            body = wrap(["%s = %s" % (c, num(val[c])) for c in enumconst[n]])
            out.append(("typedef enum %s {\n%s\n} %s;" % (e.name or "", body, n)) if isinstance(d, c_ast.Typedef) else "enum %s {\n%s\n};" % (e.name, body))
            spell = n if isinstance(d, c_ast.Typedef) else "enum " + e.name
            chk.append("SIZE(%s, 4) SIGN(%s, %d)" % (spell, spell, min(e_values(h, n, inc)) < 0))
            chk += ["VALUE(%s, %s)" % (c, num(val[c])) for c in enumconst[n] if not c.endswith(("_MAX", "_MASK"))]     # those grow
        else:
            out.append(re.sub(r"\n\s+", " ", gen.visit(d)).replace(" ;", ";") + ";")
    defines = [c for c in consts if c not in h.enums and c in val]
    layouts = layout_checks(h, alltypes, inc, skip)
    protos = [(s, gen.visit(bare(c_ast.Decl(None, [], [], [], [], h.func[s].type.type, None, None))).strip(), gen.visit(h.func[s].type.args)) for s in symbols]
    with open(here + "/cuda.h", "w") as f:
        f.write("/* Generated by gen.py; do not edit. The part of the CUDA driver ABI that we and gorgonia.org/cu v0.9.6 use: facts only. */\n"
                "#ifndef KOLMOGO_CUDA_H\n#define KOLMOGO_CUDA_H\n#include <stddef.h>\n#include <stdint.h>\n#include <stdlib.h> /* cu relies on it for free() */\n"
                "#ifdef CUDA_API_PER_THREAD_DEFAULT_STREAM\n#error \"the shim resolves the legacy default stream only\"\n#endif\n"
                "#define CUDA_VERSION 12000 /* the API level of these declarations: drivers from 525 on */\n#define CUDAAPI\n#define CUDA_CB\n"
                "typedef uint32_t cuuint32_t;\ntypedef uint64_t cuuint64_t;\ntypedef unsigned long long CUdeviceptr_v2;\n"
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\n" + "\n".join(out) + "\n")
        f.writelines("#define %s %s\n" % (c, define(h, c, val)) for c in defines)
        f.writelines("#define %s %s\n" % kv for kv in sorted(renames.items()))
        f.writelines("%s %s(%s);\n" % (r, s, a) for s, r, a in protos)
        f.write("#ifdef __cplusplus\n}\n#endif\n#endif\n")
    with open(here + "/check.c", "w") as f:
        f.write("/* Generated by gen.py; do not edit. Compiles when cuda.h on the include path agrees with ours on every value, layout and signature:\n"
                " *   gcc -fsyntax-only -I. check.c                                            our header\n"
                " *   gcc -fsyntax-only -D__CUDA_API_VERSION_INTERNAL -I$TOOLKIT/include check.c    NVIDIA's, CUDA 13.0 or newer */\n"
                "#include <cuda.h>\n"
                "#define VALUE(c, v) _Static_assert((long long)(c) == (v), #c);\n#define SIZE(t, n) _Static_assert(sizeof(t) == (n), #t);\n"
                "#define SIGN(t, neg) _Static_assert(((t)-1 < (t)0) == (neg), \"sign of \" #t);\n"
                "#define FIELD(t, m, o, n) _Static_assert(__builtin_offsetof(t, m) == (o) && sizeof(((t *)0)->m) == (n), #t \".\" #m);\n"
                "#define CALL(f, r, ...) _Static_assert(__builtin_types_compatible_p(__typeof__(&f), r (*)(__VA_ARGS__)), #f);\n")
        f.write("\n".join(chk + layouts) + "\n")
        f.writelines("VALUE((uintptr_t)%s, %s)\n" % (c, num(val[c])) for c in defines)
        f.writelines("CALL(%s, %s, %s)\n" % (s, r, a) for s, r, a in protos)
    lib = here + "/../libcuda/"
    stubs = [s for s in symbols if s != "cuInit"]
    with open(lib + "names.inc", "w") as f: f.writelines("X(%s)\n" % s for s in stubs)
    with open(lib + "stubs.S", "w") as f:
        f.write('//go:build gpu\n\n// Code generated by cuda/include/gen.py; DO NOT EDIT.\n#include "stubs.h"\n' + "".join("STUB(%s, %d)\n" % (s, i) for i, s in enumerate(stubs)) + '.section .note.GNU-stack,"",%progbits\n')
    print(len(symbols), "entry points,", len(val), "constants,", len(layouts), "layout checks")

def typedef_of(h, n): return {t for t, d in h.type.items() if " " not in t and n in refs(d)}
def enumerators(h, n):
    todo, seen = {n}, set()
    while todo:
        x = todo.pop(); seen.add(x)
        e = find(h.type[x], c_ast.Enumerator)
        if e: return e
        todo |= {r for r in refs(h.type[x]) if r in h.type and r not in seen}
    return []
def e_values(h, n, inc):
    names = [e.name for e in find(h.type[n], c_ast.Enumerator)]
    return values(names, inc).values()
def num(v): return hex(v) if v > 0xffff else str(v)
def define(h, c, val):
    m = re.match(r"\(\s*\(\s*(\w+\s*\*?)\s*\)", h.define[c])     # keeps a cast: ((CUstream)0x1)
    return "((%s)%s)" % (m.group(1).strip(), num(val[c])) if m else num(val[c])
def wrap(items):
    lines, cur = [], ""
    for i in items:
        if cur and len(cur) + len(i) > 116: lines.append("  " + cur.rstrip()); cur = ""
        cur += i + ", "
    return "\n".join(lines + ["  " + cur.rstrip(", ")])

def layout_checks(h, need, inc, skip):
    """sizeof and offsetof of every struct and union that has a name."""
    q = []
    for n in h.order:
        d = h.type[n]
        if n not in need or n in skip: continue
        body = d.type.type if isinstance(d, c_ast.Typedef) and isinstance(d.type, c_ast.TypeDecl) else d.type
        if isinstance(body, (c_ast.Struct, c_ast.Union)) and body.decls: q.append((n, [m.name for m in body.decls if m.name]))
    src = "#include <cuda.h>\n#include <stdio.h>\nint main(void){\n"
    for n, ms in q:
        src += 'printf("SIZE(%s, %%zu)\\n",sizeof(%s));\n' % (n, n)
        for m in ms: src += 'printf("FIELD(%s, %s, %%zu, %%zu)\\n",__builtin_offsetof(%s,%s),sizeof(((%s*)0)->%s));\n' % (n, m, n, m, n, m)
    return run_c(src + "}\n", inc)

if __name__ == "__main__": main(sys.argv[1], sys.argv[2:], os.path.dirname(os.path.abspath(__file__)))
