#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct {
  int version, capability, devices, multiprocessors, order, late, lazy, deaf;
  size_t memory;
} sim_config;
typedef struct {
  int launches, graphs, copies, waits, eventWaits;
} sim_counts;
int sim_install(sim_config c); // the number of entry points without a stub
void sim_fault(const char *kernel);
size_t sim_used(void);
sim_counts sim_count(void);
// For simulated libraries: whether a range is device memory; whether a stream is being captured; work of so many milliseconds on a
// stream, which touches the blocks around n addresses, with data that the driver frees.
int sim_inside(unsigned long long at, unsigned long long bytes);
int sim_capturing(void *stream);
int sim_issue(void *stream, const void *const *touches, int n, double ms, void (*work)(void *), void *data);
#ifdef __cplusplus
}
#endif
