// SPDX-License-Identifier: GPL-3.0-or-later

#include <string.h>
#include "bridge.h"

// The library's interface tells the phonemes of a clause, but not the places of
// their words: those come only with sound, which costs much more. So this looks
// into the list that both are made of. It is the same in 1.51 and 1.52, and within
// reach where the library is linked statically, as it is on Linux.
#ifdef __linux__

typedef struct {
	uint16_t synthflags;
	uint8_t phcode, stresslevel;
	uint16_t sourceix; // 11 bits of place in the clause, 5 bits of length
	uint8_t wordstress, tone_ph;
	void *ph;
	uint32_t length;
	uint8_t env, type, prepause, amp, newword, pitch1, pitch2, std_length;
	uint32_t phontab_addr;
	int32_t sound_param;
} phoneme_entry;

enum { START_OF_WORD = 1, PLACE_BITS = 11, MOST_PHONEMES = 1000 };

extern phoneme_entry phoneme_list[];
extern int n_phoneme_list, clause_start_char, count_characters;
void InitText(int control);

int lectern_transcribes(void)
{
	const char *version = espeak_Info(NULL);
	return strncmp(version, "1.51", 4) == 0 || strncmp(version, "1.52", 4) == 0;
}

int lectern_transcribe(const char *text, int phonemes, int (*clause)(const lectern_word *words, size_t n, const char *ipa))
{
	// Speaking nothing sets the library's options, as in core.c's spell; then
	// InitText forgets that text, and counts characters anew.
	espeak_ng_Synthesize("", 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8 | (phonemes ? espeakPHONEMES : 0), NULL, NULL);
	InitText(0);
	for (const void *at = text; at != NULL;) {
		const char *ipa = espeak_TextToPhonemes(&at, espeakCHARS_UTF8, espeakPHONEMES_IPA);
		if (ipa == NULL || n_phoneme_list < 0 || n_phoneme_list > MOST_PHONEMES)
			return 1;
		lectern_word words[MOST_PHONEMES + 1];
		size_t n = 0;
		for (int i = 1; i < n_phoneme_list - 2; i++) // as the library itself does for the IPA
			if (phoneme_list[i].newword & START_OF_WORD)
				words[n++] = (lectern_word){0, (phoneme_list[i].sourceix & ((1 << PLACE_BITS) - 1)) + clause_start_char, phoneme_list[i].sourceix >> PLACE_BITS, 0};
		words[n++] = (lectern_word){1, at == NULL ? INT32_MAX : count_characters, 0, 0};
		if (clause(words, n, ipa) != 0)
			return 1;
	}
	return 0;
}

#else

int lectern_transcribes(void) { return 0; }

int lectern_transcribe(const char *text, int phonemes, int (*clause)(const lectern_word *words, size_t n, const char *ipa))
{
	(void)text, (void)phonemes, (void)clause;
	return 1;
}

#endif
