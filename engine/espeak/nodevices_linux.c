// SPDX-License-Identifier: GPL-3.0-or-later

// espeak-ng's library can play through a sound device and speak at more than
// 450 words a minute, with the libraries pcaudio and sonic. These take the
// place of their functions, none of which is called here: pcaudio alone brings
// sixty more libraries into each process, which every fork copies the map of.

#include <stddef.h>

struct audio_object *create_audio_device_object(const char *device, const char *application, const char *description)
{
	(void)device, (void)application, (void)description;
	return NULL;
}

int audio_object_open(struct audio_object *o, int format, unsigned rate, unsigned char channels)
{
	(void)o, (void)format, (void)rate, (void)channels;
	return -1;
}

int audio_object_write(struct audio_object *o, const void *data, size_t bytes) { (void)o, (void)data, (void)bytes; return -1; }
int audio_object_drain(struct audio_object *o) { (void)o; return -1; }
int audio_object_flush(struct audio_object *o) { (void)o; return -1; }
void audio_object_close(struct audio_object *o) { (void)o; }
void audio_object_destroy(struct audio_object *o) { (void)o; }
const char *audio_object_strerror(struct audio_object *o, int error) { (void)o, (void)error; return "there is no sound device"; }

struct sonicStreamStruct *sonicCreateStream(int rate, int channels) { (void)rate, (void)channels; return NULL; }
void sonicDestroyStream(struct sonicStreamStruct *s) { (void)s; }
int sonicWriteShortToStream(struct sonicStreamStruct *s, short *samples, int n) { (void)s, (void)samples, (void)n; return 0; }
int sonicReadShortFromStream(struct sonicStreamStruct *s, short *samples, int most) { (void)s, (void)samples, (void)most; return 0; }
int sonicFlushStream(struct sonicStreamStruct *s) { (void)s; return 0; }
float sonicGetSpeed(struct sonicStreamStruct *s) { (void)s; return 1; }
void sonicSetSpeed(struct sonicStreamStruct *s, float speed) { (void)s, (void)speed; }
