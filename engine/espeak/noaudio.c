// SPDX-License-Identifier: GPL-3.0-or-later

#include <stddef.h>
#include <stdint.h>

// libespeak-ng can play through pcaudiolib. These take the place of that
// library, which would bring a sound server's whole client with it.

struct audio_object;

struct audio_object *create_audio_device_object(const char *device, const char *application, const char *description)
{
	(void)device, (void)application, (void)description;
	return NULL;
}

int audio_object_open(struct audio_object *o, int format, uint32_t rate, uint8_t channels)
{
	(void)o, (void)format, (void)rate, (void)channels;
	return -1;
}

void audio_object_close(struct audio_object *o) { (void)o; }

void audio_object_destroy(struct audio_object *o) { (void)o; }

int audio_object_write(struct audio_object *o, const void *sound, size_t bytes)
{
	(void)o, (void)sound, (void)bytes;
	return -1;
}

int audio_object_drain(struct audio_object *o) { (void)o; return -1; }

int audio_object_flush(struct audio_object *o) { (void)o; return -1; }

const char *audio_object_strerror(struct audio_object *o, int error)
{
	(void)o, (void)error;
	return "there is no audio device";
}
