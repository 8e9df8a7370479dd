#ifndef CARDRECON_DELIMITERS_H
#define CARDRECON_DELIMITERS_H

#include <stddef.h>
#include <stdint.h>

/// What `cardrecon_index` found.
typedef struct {
  /// Separators and line feeds.
  size_t places;
  /// Line feeds.
  size_t lines;
  /// Whether a double quote stands anywhere.
  int has_quote;
} cardrecon_delimiters;

/// Finds every separator and line feed of a text, 64 bytes at a time.
///
/// `places` takes their offsets in order; `lines` takes, for each line feed, its index in `places`. Each
/// must have room for `length` + 64 elements. When `guard` is not 0, a separator counts only when that
/// byte follows it; `text` must then be readable at `length`, and 64 bytes beyond are never touched.
///
/// The widest instructions the processor has are chosen at run time; every choice gives the same answer.
cardrecon_delimiters cardrecon_index(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines);

/// The same with the plain instructions every machine has, for holding the others against.
cardrecon_delimiters cardrecon_index_plain(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines);

#endif
