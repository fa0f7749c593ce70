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
#ifdef __cplusplus
}
#endif
