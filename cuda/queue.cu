#include "gpu.h"

// A buffer of runs begins with the number of the present run, in one of HEAD words; behind them are slots of a number of words, one
// for each run. A piece is a part of an operand: words at an address of the device, and at an offset in words of a slot.
enum { HEAD = 16 };
struct Piece { unsigned long long at; unsigned offset, words; };

// take: the inputs of the present run come out of its slot. A block for each piece.
KERNEL(take)(const unsigned *runs, const Piece *pieces, unsigned slot) {
  Piece p = pieces[blockIdx.x];
  const unsigned *from = runs + HEAD + (size_t)runs[0] * slot + p.offset;
  for (unsigned i = threadIdx.x; i < p.words; i += blockDim.x) ((unsigned *)p.at)[i] = from[i];
}
EXPORT(take)

// keep: the outputs of the present run go into its slot of results, and the next run is the present one. One block.
KERNEL(keep)(unsigned *runs, unsigned *results, const Piece *pieces, unsigned count, unsigned slot) {
  unsigned run = runs[0];
  for (unsigned k = 0; k < count; k++) {
    Piece p = pieces[k];
    unsigned *to = results + (size_t)run * slot + p.offset;
    for (unsigned i = threadIdx.x; i < p.words; i += blockDim.x) to[i] = ((const unsigned *)p.at)[i];
  }
  __syncthreads();
  if (threadIdx.x == 0) runs[0] = run + 1;
}
EXPORT(keep)
