// The one step of reading that other languages' vectors do not reach: bytes become bit masks, masks
// become positions (simdjson's first stage, in small). Everything after it is Swift.

#include "CDelimiters.h"

/// Writes the places of the set bits of one block's masks.
static inline __attribute__((always_inline)) void spell(
  uint64_t hits, uint64_t feeds, uint32_t base, cardrecon_delimiters *found, uint32_t *places,
  uint32_t *lines) {
  size_t count = found->places;
  while (hits) {
    uint64_t lowest = hits & -hits;
    if (feeds & lowest) lines[found->lines++] = (uint32_t)count;
    places[count++] = base + (uint32_t)__builtin_ctzll(hits);
    hits ^= lowest;
  }
  found->places = count;
}

/// One byte at a time: ends of texts, and machines without vectors.
static inline void one_by_one(
  const uint8_t *text, size_t from, size_t length, uint8_t separator, uint8_t guard,
  cardrecon_delimiters *found, uint32_t *places, uint32_t *lines) {
  for (size_t at = from; at < length; at++) {
    uint8_t byte = text[at];
    if (byte == '\n') {
      lines[found->lines++] = (uint32_t)found->places;
      places[found->places++] = (uint32_t)at;
    } else if (byte == separator && (guard == 0 || text[at + 1] == guard)) {
      places[found->places++] = (uint32_t)at;
    } else if (byte == '"') {
      found->has_quote = 1;
    }
  }
}

cardrecon_delimiters cardrecon_index_plain(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines) {
  cardrecon_delimiters found = {0, 0, 0};
  one_by_one(text, 0, length, separator, guard, &found, places, lines);
  return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2,bmi,bmi2,popcnt"))) static cardrecon_delimiters index_avx2(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines) {
  cardrecon_delimiters found = {0, 0, 0};
  const __m256i separators = _mm256_set1_epi8((char)separator);
  const __m256i feeds = _mm256_set1_epi8('\n');
  const __m256i quotes = _mm256_set1_epi8('"');
  const __m256i guards = _mm256_set1_epi8((char)guard);
  uint64_t quoted = 0;
  size_t at = 0;
  for (; at + 65 <= length; at += 64) {
    uint64_t cuts = 0, ends = 0;
    for (int half = 0; half < 2; half++) {
      __m256i block = _mm256_loadu_si256((const __m256i *)(text + at + 32 * half));
      uint32_t cut = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, separators));
      if (guard) {
        __m256i next = _mm256_loadu_si256((const __m256i *)(text + at + 32 * half + 1));
        cut &= (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(next, guards));
      }
      cuts |= (uint64_t)cut << (32 * half);
      ends |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, feeds))
              << (32 * half);
      quoted |= (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, quotes));
    }
    spell(cuts | ends, ends, (uint32_t)at, &found, places, lines);
  }
  found.has_quote = quoted != 0;
  one_by_one(text, at, length, separator, guard, &found, places, lines);
  return found;
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"))) static cardrecon_delimiters
index_avx512(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines) {
  cardrecon_delimiters found = {0, 0, 0};
  const __m512i separators = _mm512_set1_epi8((char)separator);
  const __m512i feeds = _mm512_set1_epi8('\n');
  const __m512i quotes = _mm512_set1_epi8('"');
  const __m512i guards = _mm512_set1_epi8((char)guard);
  uint8_t counting[64];
  for (int index = 0; index < 64; index++) counting[index] = (uint8_t)index;
  const __m512i numbers = _mm512_loadu_si512(counting);
  uint64_t quoted = 0;
  size_t at = 0;
  for (; at + 65 <= length; at += 64) {
    __m512i block = _mm512_loadu_si512(text + at);
    uint64_t cuts = _mm512_cmpeq_epi8_mask(block, separators);
    if (guard) {
      cuts &= _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text + at + 1), guards);
    }
    uint64_t ends = _mm512_cmpeq_epi8_mask(block, feeds);
    quoted |= _mm512_cmpeq_epi8_mask(block, quotes);
    uint64_t hits = cuts | ends;
    // Offsets of the hits side by side, widened sixteen at a time; what is written too far is
    // overwritten by the next block.
    __m512i offsets = _mm512_maskz_compress_epi8(hits, numbers);
    const __m512i base = _mm512_set1_epi32((int)at);
    size_t count = (size_t)__builtin_popcountll(hits);
    uint32_t *out = places + found.places;
    for (size_t done = 0; done < count; done += 16) {
      _mm512_storeu_si512(
        out + done,
        _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets))));
      offsets = _mm512_alignr_epi32(_mm512_setzero_si512(), offsets, 4);
    }
    while (ends) {
      uint64_t before = hits & ((ends & -ends) - 1);
      lines[found.lines++] = (uint32_t)(found.places + (size_t)__builtin_popcountll(before));
      ends &= ends - 1;
    }
    found.places += count;
  }
  found.has_quote = quoted != 0;
  one_by_one(text, at, length, separator, guard, &found, places, lines);
  return found;
}

cardrecon_delimiters cardrecon_index(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines) {
  if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw")) {
    return index_avx512(text, length, separator, guard, places, lines);
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    return index_avx2(text, length, separator, guard, places, lines);
  }
  return cardrecon_index_plain(text, length, separator, guard, places, lines);
}

#else

cardrecon_delimiters cardrecon_index(
  const uint8_t *text, size_t length, uint8_t separator, uint8_t guard, uint32_t *places,
  uint32_t *lines) {
  return cardrecon_index_plain(text, length, separator, guard, places, lines);
}

#endif
