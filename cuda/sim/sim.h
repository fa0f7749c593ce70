#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct {
  int version, capability, devices, multiprocessors, order, late;
  size_t memory;
} sim_config;
int sim_install(sim_config c); // the number of entry points without a stub
void sim_fault(const char *kernel);
size_t sim_used(void);
int sim_launches(void);
int sim_replays(void);
#ifdef __cplusplus
}
#endif
