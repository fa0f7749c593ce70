// The driver behind a table: what the Go side and a simulated driver ask of it.
#pragma once
#include <cuda.h>
#ifdef __cplusplus
extern "C" {
#endif
CUresult shim_status(void);          // loads and initialises the driver at the first call
const char *shim_message(void);      // the reason when the status is not success
int shim_install(const char *name, void *function); // replaces an entry, for a simulated driver; 0 when there is such an entry
#ifdef __cplusplus
}
#endif
