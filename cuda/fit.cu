#include "gpu.h"
#include "block.h"

// Least-squares fits by Levenberg and Marquardt's method, a block for each sample, in float64 whatever the type of the operands.

// Instr is an instruction of a formula: fn of values a and b and the constant c; in the order of fit.go.
struct Instr {
  int fn, a, b, unused;
  double c;
};
enum { NUMBER, VARIABLE, ADD, TIMES, OVER, SCALE, SHIFT, POWER, SIN, COS, EXP, LOG, SQRT, TANH, SIGMOID, RELU, STEP };

// Rows is a block of residuals of a sample: its numbers of fields, data and rows; its code, and the instruction that makes the residual;
// where in the list of instructions those of the first and second derivatives are, −1 for one that is zero; its first operand.
struct Rows {
  int fields, data, rows, code, length, value, first, second, operand, unused;
};

struct Fit {
  int samples, unknowns, blocks, room, iterations, gauss_newton;
  double tolerance, damping, least, most, ridge, pivot;
  long long stride; // of the work space of a sample
};

// Tables are what a formula and its operands are read from.
struct Tables {
  const Rows *rows;
  const Instr *code;
  const int *list;
  const unsigned long long *operands;
};
static __device__ __forceinline__ const real *operand(const Tables &t, const Rows &q, int j) { return (const real *)t.operands[q.operand + j]; }

// run evaluates the code of a formula at the variables x, into v.
static __device__ void run(const Instr *code, int length, const double *x, double *v) {
  for (int i = 0; i < length; i++) {
    Instr in = code[i];
    double a = in.fn > VARIABLE ? v[in.a] : 0, y = 0;
    switch (in.fn) {
    case NUMBER: y = in.c; break;
    case VARIABLE: y = x[in.a]; break;
    case ADD: y = a + v[in.b]; break;
    case TIMES: y = a * v[in.b]; break;
    case OVER: y = a / v[in.b]; break;
    case SCALE: y = in.c * a; break;
    case SHIFT: y = a + in.c; break;
    case POWER: y = pow(a, in.c); break;
    case SIN: y = sin(a); break;
    case COS: y = cos(a); break;
    case EXP: y = exp(a); break;
    case LOG: y = log(a); break;
    case SQRT: y = sqrt(a); break;
    case TANH: y = tanh(a); break;
    case SIGMOID: y = 1 / (1 + exp(-a)); break;
    case RELU: y = fmax(a, 0.0); break;
    case STEP: y = a > 0; break;
    }
    v[i] = y;
  }
}

// row evaluates the formula of a row with one warp: the fields with the unknowns w, then the data, then the code. x has room for both.
static __device__ void row(const Tables &t, const Rows &q, int n, size_t at, const double *w, double *x) {
  int lane = threadIdx.x & 31, variables = q.fields + q.data;
  for (int j = 0; j < variables; j++) {
    const real *from = operand(t, q, j);
    double f = 0;
    if (j < q.fields) {
      for (int k = lane; k < n; k += 32) f += from[at * n + k] * w[k];
      f = warp_sum(f);
    } else
      f = from[at];
    if (lane == 0) x[j] = f;
  }
  __syncwarp();
  if (lane == 0) run(t.code + q.code, q.length, x, x + variables);
  __syncwarp();
}

// slopes writes factor·Σ_l v[list[l]]·F_l[row, :] to to, with one warp.
static __device__ void slopes(const Tables &t, const Rows &q, int n, size_t at, const int *list, const double *v, double factor, double *to) {
  for (int k = threadIdx.x & 31; k < n; k += 32) {
    double s = 0;
    for (int l = 0; l < q.fields; l++)
      if (list[l] >= 0) s += v[list[l]] * operand(t, q, l)[at * n + k];
    to[k] = factor * s;
  }
}

enum { TILE_ROWS = 32 };

// evaluate returns E of a sample at w, and writes H = JᵀJ + ridge and g = Jᵀr + ridge·w; with second, H has Σ r ∇²r too.
static __device__ double evaluate(const Fit &p, const Tables &t, int sample, const double *w, double *h, double *g, double *room, bool second) {
  int n = p.unknowns, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  double *tile = room, *other = tile + TILE_ROWS * n, *values = other + TILE_ROWS * n, e = 0;
  for (int i = threadIdx.x; i < n * n; i += blockDim.x) h[i] = i % (n + 1) == 0 ? p.ridge : 0;
  for (int k = threadIdx.x; k < n; k += blockDim.x) g[k] = p.ridge * w[k];
  for (int k = 0; k < n; k++) e += p.ridge * w[k] * w[k] / 2;
  __syncthreads();
  for (int b = 0; b < p.blocks; b++) {
    Rows q = t.rows[b];
    int variables = q.fields + q.data;
    for (int from = 0; from < q.rows; from += TILE_ROWS) {
      int count = min((int)TILE_ROWS, q.rows - from);
      size_t at = (size_t)sample * q.rows + from;
      for (int r = warp; r < count; r += warps) {
        double *x = values + r * p.room;
        row(t, q, n, at + r, w, x);
        slopes(t, q, n, at + r, t.list + q.first, x + variables, 1, tile + r * n);
      }
      __syncthreads();
      for (int i = threadIdx.x; i < n * n; i += blockDim.x) {
        double s = 0;
        for (int r = 0; r < count; r++) s += tile[r * n + i / n] * tile[r * n + i % n];
        h[i] += s;
      }
      for (int k = threadIdx.x; k < n; k += blockDim.x)
        for (int r = 0; r < count; r++) g[k] += tile[r * n + k] * values[r * p.room + variables + q.value];
      for (int r = 0; r < count; r++) {
        double res = values[r * p.room + variables + q.value];
        e += res * res / 2;
      }
      for (int j = 0; second && j < q.fields; j++) {
        __syncthreads();
        for (int r = warp; r < count; r += warps) {
          double *v = values + r * p.room + variables;
          slopes(t, q, n, at + r, t.list + q.second + j * variables, v, v[q.value], other + r * n);
        }
        __syncthreads();
        const real *field = operand(t, q, j) + at * n;
        for (int i = threadIdx.x; i < n * n; i += blockDim.x)
          for (int r = 0; r < count; r++) h[i] += field[(size_t)r * n + i / n] * other[r * n + i % n];
      }
      __syncthreads();
    }
  }
  return e;
}

// solve writes (A + λ·diag D)⁻¹·b to x by Cholesky's factor l, and reports whether the matrix is positive definite and x finite.
static __device__ bool solve(const double *a, const double *d, double lambda, const double *b, double *l, double *x, int n) {
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  for (int k = threadIdx.x; k < n; k += blockDim.x) x[k] = b[k];
  for (int j = 0; j < n; j++) {
    for (int i = j + warp; i < n; i += warps) {
      double s = 0;
      for (int k = lane; k < j; k += 32) s += l[i * n + k] * l[j * n + k];
      s = warp_sum(s);
      if (lane == 0) l[i * n + j] = (a[i * n + j] + a[j * n + i]) / 2 + (i == j ? lambda * d[i * n + i] : 0) - s;
    }
    __syncthreads();
    double pivot = l[j * n + j];
    if (!(pivot > 0 && pivot - pivot == 0)) return false;
    double root = sqrt(pivot);
    __syncthreads();
    for (int i = j + threadIdx.x; i < n; i += blockDim.x) l[i * n + j] = i == j ? root : l[i * n + j] / root;
    __syncthreads();
  }
  for (int j = 0; j < n; j++) {
    if (threadIdx.x == 0) x[j] /= l[j * n + j];
    __syncthreads();
    for (int i = j + 1 + threadIdx.x; i < n; i += blockDim.x) x[i] -= l[i * n + j] * x[j];
    __syncthreads();
  }
  for (int j = n - 1; j >= 0; j--) {
    if (threadIdx.x == 0) x[j] /= l[j * n + j];
    __syncthreads();
    for (int i = threadIdx.x; i < j; i += blockDim.x) x[i] -= l[j * n + i] * x[j];
    __syncthreads();
  }
  int bad = 0;
  for (int k = threadIdx.x; k < n; k += blockDim.x) bad |= !(x[k] - x[k] == 0);
  return !__syncthreads_or(bad);
}

// Factors are those of rows that come tile by tile, [rows | b] = Q·R: R with Qᵀ·b as its last column, n × (n+1).

// reflect takes count rows of a tile [count, n] and what they ought to give, b, into R by Householder's reflections. Both are overwritten.
static __device__ void reflect(double *r, double *tile, double *b, int count, int n) {
  __syncthreads();
  for (int j = 0; j < n; j++) {
    double below = 0, pivot = r[j * (n + 1) + j];
    for (int i = 0; i < count; i++) below += tile[i * n + j] * tile[i * n + j];
    __syncthreads();
    if (below == 0) continue;
    double norm = sqrt(pivot * pivot + below);
    if (pivot > 0) norm = -norm;
    double head = pivot - norm, twice = 2 / (head * head + below);
    for (int c = j + 1 + threadIdx.x; c <= n; c += blockDim.x) {
      double *other = c < n ? tile + c : b, s = head * r[j * (n + 1) + c];
      int stride = c < n ? n : 1;
      for (int i = 0; i < count; i++) s += tile[i * n + j] * other[i * stride];
      r[j * (n + 1) + c] -= twice * s * head;
      for (int i = 0; i < count; i++) other[i * stride] -= twice * s * tile[i * n + j];
    }
    if (threadIdx.x == 0) r[j * (n + 1) + j] = norm;
    __syncthreads();
  }
}

// orthogonal writes the step at w to x from the factors of the rows, with those of the ridge and of the damping λ·diag h, and reports whether
// their columns are independent, to rounding. r is room for the factors.
static __device__ bool orthogonal(const Fit &p, const Tables &t, int sample, const double *w, const double *h, double lambda, double *r, double *x, double *room) {
  int n = p.unknowns, warp = threadIdx.x >> 5, warps = blockDim.x >> 5, total = 2 * n;
  double *tile = room, *b = tile + TILE_ROWS * n, *values = b + TILE_ROWS * n;
  for (int i = threadIdx.x; i < n * (n + 1); i += blockDim.x) r[i] = 0;
  for (int block = 0; block < p.blocks; block++) {
    Rows q = t.rows[block];
    int variables = q.fields + q.data;
    total += q.rows;
    for (int from = 0; from < q.rows; from += TILE_ROWS) {
      int count = min((int)TILE_ROWS, q.rows - from);
      size_t at = (size_t)sample * q.rows + from;
      for (int i = warp; i < count; i += warps) {
        double *v = values + i * p.room;
        row(t, q, n, at + i, w, v);
        slopes(t, q, n, at + i, t.list + q.first, v + variables, 1, tile + i * n);
        if ((threadIdx.x & 31) == 0) b[i] = v[variables + q.value];
      }
      reflect(r, tile, b, count, n);
    }
  }
  for (int damped = 0; damped < 2; damped++)
    for (int from = 0; from < n; from += TILE_ROWS) {
      int count = min((int)TILE_ROWS, n - from);
      for (int i = threadIdx.x; i < count * n; i += blockDim.x) {
        int k = from + i / n;
        tile[i] = k == i % n ? sqrt(damped ? lambda * h[k * (n + 1)] : p.ridge) : 0;
        if (k == i % n) b[i / n] = damped ? 0 : tile[i] * w[k];
      }
      reflect(r, tile, b, count, n);
    }
  int bad = 0;
  for (int k = threadIdx.x; k < n; k += blockDim.x) {
    double norm = 0;
    for (int i = 0; i <= k; i++) norm += r[i * (n + 1) + k] * r[i * (n + 1) + k];
    bad |= !(fabs(r[k * (n + 1) + k]) > total * 2.220446049250313e-16 * sqrt(norm));
    x[k] = r[k * (n + 1) + n];
  }
  if (__syncthreads_or(bad)) return false;
  for (int j = n - 1; j >= 0; j--) {
    if (threadIdx.x == 0) x[j] /= r[j * (n + 1) + j];
    __syncthreads();
    for (int i = threadIdx.x; i < j; i += blockDim.x) x[i] -= r[i * (n + 1) + j] * x[j];
    __syncthreads();
  }
  for (int k = threadIdx.x; k < n; k += blockDim.x) bad |= !(x[k] - x[k] == 0);
  return !__syncthreads_or(bad);
}

// conditioned reports whether the factor l of h + λ·diag h has digits left.
static __device__ bool conditioned(const double *l, const double *h, double lambda, double least, int n) {
  int bad = 0;
  for (int k = threadIdx.x; k < n; k += blockDim.x) bad |= !(l[k * (n + 1)] * l[k * (n + 1)] > least * (1 + lambda) * h[k * (n + 1)]);
  return !__syncthreads_or(bad);
}

// exchange lets two pointers change places.
static __device__ __forceinline__ void exchange(double *&a, double *&b) {
  double *c = a;
  a = b, b = c;
}

// fit: see the definition, whose steps these are: out[sample] = w, then E, the iterations, whether it converged, and the last damping.
KERNEL(fit)(PARAM Fit p, const Rows *rows, const Instr *code, const int *list, const unsigned long long *operands, const real *start, real *out, double *work) {
  Tables t = {rows, code, list, operands};
  int n = p.unknowns, sample = blockIdx.x, iterations = 0;
  double *h = work + sample * p.stride, *trial_h = h + n * n, *l = trial_h + n * n, *g = l + n * n, *trial_g = g + n;
  double *w = trial_g + n, *trial = w + n, *step = trial + n, *room = step + n, *factors = room + TILE_ROWS * (2 * n + p.room);
  start += (size_t)sample * n, out += (size_t)sample * (n + 4);
  for (int k = threadIdx.x; k < n; k += blockDim.x) w[k] = start[k];
  __syncthreads();
  double e = evaluate(p, t, sample, w, h, g, room, false), lambda = p.damping;
  bool converged = false, over = !(e - e == 0) || p.iterations < 1;
  while (!over) {
    bool possible = solve(h, h, lambda, g, l, step, n) && conditioned(l, h, lambda, p.pivot, n);
    if (!possible) {
      __syncthreads();
      possible = orthogonal(p, t, sample, w, h, lambda, factors, step, room);
    }
    double tried = lambda;
    iterations++, lambda *= 10;
    over = iterations >= p.iterations || lambda > p.most;
    if (!possible) {
      __syncthreads();
      continue;
    }
    double gain = 0; // gᵀδ − ½ δᵀHδ for w − δ
    for (int k = threadIdx.x; k < n; k += blockDim.x) {
      double s = 0;
      for (int i = 0; i < n; i++) s += h[k * n + i] * step[i];
      gain += (g[k] - s / 2) * step[k];
      trial[k] = w[k] - step[k];
    }
    gain = block_sum(gain);
    double trial_e = evaluate(p, t, sample, trial, trial_h, trial_g, room, false);
    converged = gain <= p.tolerance * e && tried <= 1;
    over = over || converged;
    if (trial_e <= e) {
      e = trial_e, lambda = fmax(tried / 10, p.least);
      over = converged || iterations >= p.iterations;
      exchange(w, trial), exchange(h, trial_h), exchange(g, trial_g);
    }
    if (converged) lambda = tried;
  }
  for (int k = threadIdx.x; k < n; k += blockDim.x) out[k] = w[k];
  if (threadIdx.x == 0) out[n] = e, out[n + 1] = iterations, out[n + 2] = converged, out[n + 3] = lambda;
}
EXPORT(fit)

// fit_adjoint: v = A⁻¹·dw at the result of a fit.
KERNEL(fit_adjoint)(PARAM Fit p, const Rows *rows, const Instr *code, const int *list, const unsigned long long *operands, const real *result, const real *dw, real *v,
                    double *work) {
  Tables t = {rows, code, list, operands};
  int n = p.unknowns, sample = blockIdx.x;
  double *h = work + sample * p.stride, *full = h + n * n, *l = full + n * n, *g = l + n * n, *b = g + n, *w = b + n, *x = w + n, *room = x + 2 * n;
  result += (size_t)sample * (n + 4), dw += (size_t)sample * n, v += (size_t)sample * n;
  for (int k = threadIdx.x; k < n; k += blockDim.x) w[k] = result[k], b[k] = dw[k];
  __syncthreads();
  evaluate(p, t, sample, w, h, g, room, false);
  evaluate(p, t, sample, w, full, g, room, !p.gauss_newton);
  double lambda = result[n + 2] == 1 ? real(0) : result[n + 3];
  bool found = solve(full, h, lambda, b, l, x, n);
  if (!found) {
    __syncthreads();
    found = solve(h, h, lambda, b, l, x, n);
  }
  for (int k = threadIdx.x; k < n; k += blockDim.x) v[k] = found ? x[k] : 0;
}
EXPORT(fit_adjoint)

// fit_rows: the numbers of each row that the cotangents of fields and data are made of, a warp for each row in turn.
KERNEL(fit_rows)(PARAM Fit p, const Rows *rows, const Instr *code, const int *list, const unsigned long long *operands, const real *w, const real *v, real *out,
                 double *work) {
  Tables t = {rows, code, list, operands};
  Rows q = rows[0];
  int n = p.unknowns, variables = q.fields + q.data, width = 2 * q.fields + q.data, lane = threadIdx.x & 31;
  int warp = (blockIdx.x * blockDim.x + threadIdx.x) >> 5, warps = (gridDim.x * blockDim.x) >> 5;
  double *own = work + (size_t)warp * (2 * n + p.room), *x = own + 2 * n, *value = x + variables, *slope = value + q.length;
  for (size_t at = warp; at < (size_t)p.samples * q.rows; at += warps) {
    size_t sample = at / q.rows;
    for (int k = lane; k < n; k += 32) own[k] = w[sample * n + k];
    __syncwarp();
    row(t, q, n, at, own, x);
    double along = 0, res = value[q.value]; // Σ_j ∂ρ/∂f_j·(F_j·v)
    for (int j = 0; j < q.fields; j++) {
      double s = 0;
      for (int k = lane; k < n; k += 32) s += operand(t, q, j)[at * n + k] * v[sample * n + k];
      s = warp_sum(s);
      if (lane == 0) slope[j] = s;
      int d = t.list[q.first + j];
      if (d >= 0) along += value[d] * s;
    }
    __syncwarp();
    for (int i = lane; i < variables; i += 32) {
      int d = t.list[q.first + i];
      double first = d < 0 ? 0 : value[d], s = first * along;
      for (int j = 0; j < q.fields; j++)
        if (int c = t.list[q.second + j * variables + i]; c >= 0) s += res * value[c] * slope[j];
      if (i < q.fields)
        out[at * width + 2 * i] = s, out[at * width + 2 * i + 1] = res * first;
      else
        out[at * width + q.fields + i] = s;
    }
    __syncwarp();
  }
}
EXPORT(fit_rows)
