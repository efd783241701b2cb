#pragma once
#include <stdint.h>
#include <flite/flite.h>
#include <flite/flite_version.h>

// A token is a run of text that flite read, and where it is heard.
typedef struct {
	const char *name;  // as read, without the punctuation around; good during the callback
	float start, end;  // seconds; end is 0 when nothing of it is heard
} lectern_token;

// A token whose first byte is at start is said by these phones.
typedef struct {
	int start;
	const char *phones;
} lectern_said;

cst_voice *lectern_voice(int index);
void lectern_prepare(cst_voice *voice);
int lectern_say(cst_voice *voice, const char *text, const lectern_said *said, int count, float stretch, float shift, uintptr_t handle);
int lectern_tokens(const cst_utterance *utterance, lectern_token *tokens, int most);
