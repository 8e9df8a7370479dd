#pragma once
#include <xlsxwriter.h>
/* A file in memory; glibc declares it in <sys/mman.h> under _GNU_SOURCE alone. */
extern int memfd_create(const char *name, unsigned int flags);
