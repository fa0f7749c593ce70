#include "gpu.h"
#include "axes.h"
#include "functions.h"

// Instruction: slot to = function of slots a and b with constants; a load of operand a; or a store of slot a to operand b.
struct Instruction {
  int code, to, a, b;
  double k0, k1;
};
enum {
#define F(name) CODE_##name,
  FUNCTIONS(F)
#undef F
  CODE_load,
  CODE_store
};

// Operand: where an array lies, and how an index of the space walks over it; dense: as it is.
struct Operand {
  real *data;
  long long dense;
  long long stride[8];
};

enum { SLOTS = 64 };

// chain interprets a fused element-wise expression, the same for every element of the space: it serves where no compiler is at hand
// to make a kernel of it. Values live in slots.
KERNEL(chain)(const Instruction *code, int count, const Operand *operands, PARAM Axes space, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  unsigned index[8], rest = i;
  for (int d = space.rank - 1; d >= 0; d--) {
    unsigned q = rest / space.len[d];
    index[d] = rest - q * space.len[d];
    rest = q;
  }
  real v[SLOTS];
  for (int k = 0; k < count; k++) {
    Instruction c = code[k];
    if (c.code == CODE_load) {
      const Operand &o = operands[c.a];
      long long at = i;
      if (!o.dense) {
        at = 0;
        for (int d = 0; d < space.rank; d++) at += index[d] * o.stride[d];
      }
      v[c.to] = o.data[at];
      continue;
    }
    if (c.code == CODE_store) {
      operands[c.b].data[i] = v[c.a];
      continue;
    }
    real x = v[c.a], y = v[c.b], a = real(c.k0), b = real(c.k1), z = 0;
    switch (c.code) {
#define F(name) \
  case CODE_##name: z = fn_##name(x, y, a, b); break;
      FUNCTIONS(F)
#undef F
    }
    v[c.to] = z;
  }
}
EXPORT(chain)
