// SPDX-License-Identifier: GPL-3.0-or-later

#include <stdio.h>
#include "bridge.h"
#include "_cgo_export.h"

// The library works in short steps, so that the first sound is early and an
// abort is heeded soon. The worker gathers them before they cross the pipe.
enum { STEP_MILLISECONDS = 60 };

static uintptr_t current; // the reading that hears the library; it knows only one at a time

static int on_audio(short *samples, int n, espeak_EVENT *events)
{
	return lecternEspeakAudio(current, samples, samples == NULL ? 0 : n, events);
}

// lectern_open readies the library and returns its sample rate, or 0 with a
// message. Synchronous output starts no thread and plays nothing.
int lectern_open(char *message, int size)
{
	espeak_ng_InitializePath(NULL);
	espeak_ng_STATUS status = espeak_ng_Initialize(NULL);
	if (status == ENS_OK)
		status = espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, STEP_MILLISECONDS, NULL);
	if (status != ENS_OK) {
		espeak_ng_GetStatusCodeMessage(status, message, (size_t)size);
		return 0;
	}
	espeak_SetSynthCallback(on_audio);
	return espeak_ng_GetSampleRate();
}

int lectern_select(const char *voice)
{
	return espeak_ng_SetVoiceByName(voice) == ENS_OK;
}

// lectern_say speaks text of size bytes, its final NUL included. Without the
// flags for markup and phonemes it is all plain text.
int lectern_say(const char *text, size_t size, int words_per_minute, uintptr_t handle)
{
	current = handle;
	espeak_ng_SetParameter(espeakRATE, words_per_minute, 0);
	espeak_ng_STATUS status = espeak_ng_Synthesize(text, size, 0, POS_CHARACTER, 0, espeakCHARS_UTF8 | espeakENDPAUSE, NULL, NULL);
	return status == ENS_OK || status == ENS_SPEECH_STOPPED;
}
