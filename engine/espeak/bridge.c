// SPDX-License-Identifier: GPL-3.0-or-later

#include "bridge.h"

int lectern_open(char *message, int size)
{
	espeak_ng_InitializePath(NULL);
	espeak_ng_STATUS status = espeak_ng_Initialize(NULL);
	if (status != ENS_OK) {
		espeak_ng_GetStatusCodeMessage(status, message, (size_t)size);
		return 0;
	}
	return espeak_ng_GetSampleRate();
}
