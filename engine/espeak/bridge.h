// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>
#include <espeak-ng/espeak_ng.h>

int lectern_open(char *message, int size);
int lectern_select(const char *voice);
int lectern_say(const char *text, size_t size, int words_per_minute, uintptr_t handle);
