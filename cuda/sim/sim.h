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
size_t sim_used(void);
#ifdef __cplusplus
}
#endif
