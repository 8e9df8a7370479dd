#include <stddef.h>
#include <stdint.h>

/* libFuzzer as a library: its own main cannot be used, as SwiftPM makes one. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *data, size_t size));
