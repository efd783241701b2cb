// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>
#include <espeak-ng/espeak_ng.h>

// lectern_open readies the library in this process, where it never speaks, and
// returns its sample rate, or 0 with a message.
int lectern_open(char *message, int size);

// What the worker and its cores say to each other; see core.go.

// A core's voice, and its volume as the library counts it: 100 is the voice's own.
#define CORE_VOICE "LECTERN_ESPEAK_CORE"
#define CORE_VOLUME "LECTERN_ESPEAK_VOLUME"

// An order comes with a descriptor to write the answer to, and is followed by
// its text, whose last byte is NUL. A cancel has neither.
typedef struct { int32_t kind; uint32_t bytes; } lectern_order;
enum { LECTERN_TEXT = 1, LECTERN_PHONEMES, LECTERN_SPELL, LECTERN_CANCEL, LECTERN_TRANSCRIBE, LECTERN_TRANSCRIBE_PHONEMES };

// An answer is any number of these, each followed by so many bytes.
typedef struct { uint32_t kind; uint32_t bytes; } lectern_header;
enum { LECTERN_SOUND = 1, LECTERN_WORDS, LECTERN_IPA, LECTERN_DONE };

// A word begins, or a clause ends, at a sample.
typedef struct { int32_t end, position, length, sample; } lectern_word;

// lectern_transcribes says whether lectern_transcribe can be used with this library.
int lectern_transcribes(void);

// lectern_transcribe reads text, clause by clause: clause is given the words that
// begin in it, with its end for the last, and its IPA, a space before each word
// but the first; it returns whether it failed. The same is returned here.
int lectern_transcribe(const char *text, int phonemes, int (*clause)(const lectern_word *words, size_t n, const char *ipa));
